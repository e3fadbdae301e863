import { normalTime } from './times';
import { textArray, type Scalar } from './text-array';

/** A row that another row refers to: by number, or by what people know it by (`--natural-foreign`). */
export type Reference = number | readonly string[];

/** What a field of a record is, once read. */
export interface FieldTypes {
  readonly text: string;
  readonly integer: number;
  readonly flag: boolean;
  /** ISO 8601 in UTC, as exact as the dump has it; a date stays a date. */
  readonly time: string;
  readonly bytes: Buffer;
  readonly json: unknown;
  readonly texts: readonly string[];
  readonly reference: Reference;
  /** A content type: its number, or application and model. */
  readonly type: Reference;
}

/** The name of a kind of field. */
export type FieldKind = keyof FieldTypes;

/** What is wrong with a field; never tells its value. */
export class FieldFault extends Error {}

const fail = (problem: string): never => {
  throw new FieldFault(problem);
};

function hexOrEscaped(text: string): Buffer {
  if (text.startsWith(String.raw`\x`)) {
    const bytes = Buffer.from(text.slice(2), 'hex');
    return bytes.length * 2 === text.length - 2 ? bytes : fail('is no bytes in hex');
  }
  // The form before PostgreSQL 9.0: a backslash is doubled, or begins three octal digits.
  const plain = text.replace(/\\(\\|[0-3][0-7]{2})/g, (_, code: string) =>
    code === '\\' ? code : String.fromCharCode(Number.parseInt(code, 8)),
  );
  return Buffer.from(plain, 'latin1');
}

const base64 = (text: string): Buffer =>
  /^[A-Za-z0-9+/\s]*={0,2}\s*$/.test(text) ? Buffer.from(text, 'base64') : fail('is no bytes in base64');

function integer(text: string): number {
  const value = Number(text);
  return text !== '' && Number.isSafeInteger(value) ? value : fail('is no whole number');
}

function lenientJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Text columns of older versions hold what JSON columns of newer ones do.
    return text;
  }
}

const flags: ReadonlyMap<string, boolean> = new Map([
  ...['t', 'true', '1'].map((text) => [text, true] as const),
  ...['f', 'false', '0'].map((text) => [text, false] as const),
]);
const flag = (text: string): boolean => flags.get(text.toLowerCase()) ?? fail('is neither true nor false');
const time = (text: string): string => normalTime(text) ?? fail('is no time');
const texts = (value: unknown): readonly string[] =>
  (typeof value === 'string' ? textArray(value) : textArray(value as readonly Scalar[])) ?? fail('is no list of texts');

type Readers<In> = { readonly [K in FieldKind]: (value: In) => FieldTypes[K] };

/** How the texts of SQL become fields. */
export const fromSql: Readers<string> = {
  text: (text) => text,
  integer,
  flag,
  time,
  bytes: hexOrEscaped,
  json: lenientJson,
  texts,
  reference: integer,
  type: integer,
};

const string = (value: unknown): string => (typeof value === 'string' ? value : fail('is no text'));
const scalar = (value: unknown): string => (typeof value === 'number' ? String(value) : string(value));

const reference = (value: unknown): Reference => {
  if (Array.isArray(value) && value.every((part) => typeof part === 'string') && value.length > 0) return value;
  return Number.isSafeInteger(value) ? (value as number) : fail('refers to no row');
};

/** How the values of JSON become fields. */
export const fromJson: Readers<unknown> = {
  text: scalar,
  integer: (value) => integer(scalar(value)),
  flag: (value) => (typeof value === 'boolean' ? value : fail('is neither true nor false')),
  time: (value) => time(string(value)),
  bytes: (value) => base64(string(value)),
  json: (value) => value,
  texts,
  reference,
  type: reference,
};
