import type { AnyRow, Field, TypeDescriptor } from '../domain/descriptor';
import { pythonType } from '../domain/messages';
import { InvalidInput, type FieldFaults, type ItemFaults } from '../domain/failures';
import type { Choices } from '../domain/secrets';
import { fieldKinds, type FieldReading } from './field-kinds';
import { readReference, readReferences, type ReferenceContext } from './references';
import { inputName, type Sealed } from './seals';

/** Read-only names that every shown row holds beside its fields; a body may repeat them. */
const shown = new Set([
  'object_type',
  'display',
  'url',
  'natural_slug',
  'computed_fields',
  'relationships',
  'notes_url',
  'assigned_object',
]);

/** What an input is read against. */
export interface ReadingContext {
  readonly sealed: Sealed;
  readonly choices: Choices;
  /** Reads a field that refers to other rows. */
  readonly readRelated: ReadRelated;
}

type ReadRelated = (field: Field, input: unknown) => Promise<FieldReading | undefined>;

/** Reads references by looking for the rows that they mean. */
export function relatedIn(context: ReferenceContext): ReadRelated {
  return (field, input) => {
    const read = field.kind === 'references' ? readReferences : readReference;
    return read({ ...context, unseen: field.namedUnseen === true }, context.typeOf(field.target ?? ''), input);
  };
}

const passOver: ReadRelated = () => Promise.resolve(undefined);

/** How an input is read: a creation, or a change in whole or in part. */
export type ReadingMode = 'create' | 'replace' | 'patch';

/** Collects what is wrong, by field. */
export class Faults {
  readonly #messages: Record<string, string[]> = Object.create(null) as Record<string, string[]>;
  readonly #items: Record<string, ItemFaults> = Object.create(null) as Record<string, ItemFaults>;

  add(field: string, fault: string | ItemFaults): void {
    if (typeof fault === 'string') (this.#messages[field] ??= []).push(fault);
    else this.#items[field] = fault;
  }

  addAll(faults: FieldFaults | undefined): void {
    for (const [field, found] of Object.entries(faults ?? {}))
      if (Array.isArray(found)) for (const message of found as readonly string[]) this.add(field, message);
      else this.add(field, found as ItemFaults);
  }

  throwIfAny(): void {
    if (Object.keys(this.#messages).length + Object.keys(this.#items).length > 0) throw this.asError();
  }

  asError(): InvalidInput {
    return new InvalidInput({ ...this.#items, ...this.#messages });
  }
}

/** The fields that an input sets, read and trimmed; what is wrong goes to `faults`. */
export async function readFields(
  context: ReadingContext,
  type: TypeDescriptor,
  input: unknown,
  mode: ReadingMode,
  faults: Faults,
): Promise<Record<string, unknown>> {
  const given = dictionary(input);
  const values: Record<string, unknown> = {};
  const known = new Set([...shown, ...(type.repeated ?? []), ...Object.keys(type.aliases ?? {})]);
  for (const [name, field] of Object.entries(type.fields)) {
    const called = inputName(name, field);
    known.add(called);
    if (!Object.hasOwn(given, called) || given[called] === undefined) {
      if (isMissing(field, mode)) faults.add(called, 'This field is required.');
      continue;
    }
    if (field.readOnly && !(name === 'id' && mode === 'create')) continue;
    const reading = context.sealed.get(name) ?? (await readField(context, type, field, given[called]));
    if (reading === undefined) continue;
    if ('fault' in reading) faults.add(called, reading.fault);
    else values[name] = reading.value;
  }
  if (isEmptyObject(given.custom_fields)) known.add('custom_fields');
  for (const name of Object.keys(given)) if (!known.has(name)) faults.add(name.slice(0, 255), 'Unknown field.');
  return values;
}

/** What is wrong with the input of a new row, as far as it can be seen without the rows that it refers to. */
export async function faultsOfShape(
  { sealed, choices }: Pick<ReadingContext, 'sealed' | 'choices'>,
  type: TypeDescriptor,
  input: unknown,
): Promise<FieldFaults> {
  const faults = new Faults();
  try {
    await readFields({ sealed, choices, readRelated: passOver }, type, input, 'create', faults);
    faults.throwIfAny();
    return {};
  } catch (error) {
    if (error instanceof InvalidInput) return error.faults;
    throw error;
  }
}

// A missing JSON field is told of the row as a whole, as Nautobot does; a sealed one cannot be read, so a PUT has none.
function isMissing({ kind, required, seal }: Field, mode: ReadingMode): boolean {
  if (!required || kind === 'json' || mode === 'patch') return false;
  return mode === 'create' || seal === undefined;
}

/** Refuses a row whose required JSON fields are empty; the last check that needs nothing but the row. */
export function checkWhole(type: TypeDescriptor, row: AnyRow, faults: Faults): void {
  for (const [name, { kind, required }] of Object.entries(type.fields))
    if (kind === 'json' && required && Object.keys((row[name] as object | undefined) ?? {}).length === 0)
      faults.add(name, 'This field cannot be blank.');
}

async function readField(
  context: ReadingContext,
  type: TypeDescriptor,
  field: Field,
  input: unknown,
): Promise<FieldReading | undefined> {
  if (input === null) return field.nullable ? { value: null } : { fault: 'This field may not be null.' };
  // An empty slug is one that is not given: it is made, or kept.
  if (input === '' && field === type.fields.slug) return undefined;
  if (field.kind === 'reference' || field.kind === 'references') return context.readRelated(field, input);
  return fieldKinds[field.kind](input, field, context.choices);
}

function isEmptyObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && Object.keys(value).length === 0;
}

function dictionary(input: unknown): Readonly<Record<string, unknown>> {
  if (typeof input === 'object' && input !== null && !Array.isArray(input)) return input as Record<string, unknown>;
  const message =
    input === null || input === undefined
      ? 'No data provided'
      : `Invalid data. Expected a dictionary, but got ${pythonType(input)}.`;
  throw new InvalidInput({ non_field_errors: [message] });
}
