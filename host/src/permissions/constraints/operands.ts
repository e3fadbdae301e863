import type { Operand } from '../../domain/constraint';
import type { FieldKind } from '../../domain/descriptor';

/** A value in its one form, or what is wrong with it. */
export type Reading = { readonly value: Operand } | { readonly fault: string };

/** Longest text of a constraint, in UTF-16 units. */
export const maxTextLength = 1024;

const uuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const instant =
  /^(\d{4}-\d{2}-\d{2})T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{1,3})?(?:Z|[+-](?:[01]\d|2[0-3]):[0-5]\d)$/;

function readText(raw: unknown): Reading {
  if (typeof raw !== 'string') return { fault: 'Give a text.' };
  if (raw.length > maxTextLength) return { fault: `A text has at most ${maxTextLength} characters.` };
  if (raw.includes('\0')) return { fault: 'Null characters are not allowed.' };
  return isWellFormed(raw) ? { value: raw } : { fault: 'The text is not well-formed: it has half a surrogate pair.' };
}

// Zero has one form, so that a constraint that was written to JSON and back is the same.
function readNumber(raw: unknown): Reading {
  return typeof raw === 'number' && Number.isFinite(raw)
    ? { value: raw === 0 ? 0 : raw }
    : { fault: 'Give a number, without quotes.' };
}

function readId(raw: unknown): Reading {
  return typeof raw === 'string' && uuid.test(raw) ? { value: raw.toLowerCase() } : { fault: 'Give a UUID.' };
}

function readFlag(raw: unknown): Reading {
  return typeof raw === 'boolean' ? { value: raw } : { fault: 'Give true or false, without quotes.' };
}

function readInstant(raw: unknown): Reading {
  const day = typeof raw === 'string' ? instant.exec(raw)?.[1] : undefined;
  // `Date` takes the 30th of February for a day in March.
  const exists = day !== undefined && normalInstant(`${day}T00:00:00Z`)?.startsWith(day);
  const value = exists ? normalInstant(String(raw)) : undefined;
  return value === undefined ? { fault: 'Give a time such as 2026-01-31T12:00:00Z, with its offset.' } : { value };
}

function readLeaf(raw: unknown): Reading {
  if (raw === null || typeof raw === 'boolean') return { value: raw };
  if (typeof raw === 'number') return readNumber(raw);
  return typeof raw === 'string' ? readText(raw) : { fault: 'Give a text, a number, true, false or null.' };
}

const refuse = (): Reading => ({ fault: 'It cannot be compared.' });

/** Whether every surrogate of a text is one of a pair. */
export function isWellFormed(text: string): boolean {
  return !/\p{Surrogate}/u.test(text);
}

/** An instant in the one form that sorts as text does; undefined for what is none, or outside the years 0 to 9999. */
export function normalInstant(text: string): string | undefined {
  const time = Date.parse(text);
  const normal = Number.isNaN(time) ? '' : new Date(time).toISOString();
  return normal.length === 24 ? normal : undefined;
}

/** Reads one JSON value for a field of each kind. */
export const operandReaders = {
  id: readId,
  number: readNumber,
  text: readText,
  choice: readText,
  json: readLeaf,
  flag: readFlag,
  datetime: readInstant,
  reference: readId,
  secret: refuse,
  list: refuse,
  references: refuse,
  constraint: refuse,
} as const satisfies Record<FieldKind, (raw: unknown) => Reading>;
