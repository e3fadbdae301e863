import type { Field, Seal, TypeDescriptor } from '../domain/descriptor';
import type { FieldReading } from './field-kinds';
import { textFault } from './text';

/** Makes the hash that is kept in the place of a text, of each kind. */
export type Seals = Readonly<Record<Seal, (text: string) => string | Promise<string>>>;

/** What reading the sealed fields of an input gave, by field. */
export type Sealed = ReadonlyMap<string, FieldReading>;

interface Limits {
  readonly min: number;
  readonly max: number;
  /** Only what can be sent is taken. */
  readonly sendable: boolean;
}

const limits = {
  password: { min: 1, max: 1024, sendable: false },
  token: { min: 20, max: 256, sendable: true },
} as const satisfies Record<Seal, Limits>;

const ownLimits: Limits = { min: 1, max: 8192, sendable: false };

/** The name that a body gives a field by. */
export function inputName(name: string, { input = name }: Field): string {
  return input;
}

/** Hashes what an input gives for sealed fields: slow work, to be done before a transaction holds everyone up. */
export async function sealInputs(type: TypeDescriptor, input: unknown, seals: Seals): Promise<Sealed> {
  const sealed = new Map<string, FieldReading>();
  if (typeof input !== 'object' || input === null) return sealed;
  const given = input as Readonly<Record<string, unknown>>;
  for (const [name, field] of Object.entries<Field>(type.fields)) {
    const called = inputName(name, field);
    const text = Object.hasOwn(given, called) ? given[called] : undefined;
    if (field.seal === undefined || text === undefined || text === null) continue;
    const fault = sealFault(text, typeof field.seal === 'string' ? limits[field.seal] : ownLimits);
    if (fault !== undefined) sealed.set(name, { fault });
    else if (typeof field.seal === 'function') sealed.set(name, field.seal(text as string));
    else sealed.set(name, { value: await seals[field.seal](text as string) });
  }
  return sealed;
}

function sealFault(text: unknown, { min, max, sendable }: Limits): string | undefined {
  if (typeof text !== 'string') return 'Not a valid string.';
  if (text === '') return 'This field may not be blank.';
  if (text.length < min) return `Ensure this field has at least ${min} characters.`;
  if (sendable && !/^[\x21-\x7e]+$/.test(text)) return 'Only visible ASCII characters are allowed, and no spaces.';
  return textFault(text, max);
}
