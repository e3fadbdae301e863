import type { AnyRow, RowOf, TypeDescriptor } from '../domain/descriptor';
import { UniqueViolation, type Rows } from '../domain/ports';
import { inputName } from './seals';
import { Faults } from './validate';

/** A row as it stands and as it would become, and the fields that the input named. */
export interface Images {
  readonly before: AnyRow | undefined;
  readonly after: AnyRow;
  readonly given: ReadonlySet<string>;
}

/** Reports every unique field and set of the row that another row has already. */
export async function checkUnique(
  rows: Rows,
  type: TypeDescriptor,
  { before, after, given }: Images,
  faults: Faults,
): Promise<void> {
  for (const set of uniqueSets(type)) {
    if (!set.some((name) => given.has(name)) || set.some((name) => after[name] === undefined)) continue;
    if (set.every((name) => before?.[name] === after[name])) continue;
    // What is sealed is for life: to look whether another row has it would tell of keys.
    if (before && set.some((name) => type.fields[name]?.seal !== undefined)) continue;
    const other = (await rows.get(type, pick(set, after))) as AnyRow | undefined;
    if (other && other.id !== before?.id) addUniqueFault(type, set, faults);
  }
}

/** Said of an id that stands for a row already; not of which, since that row may be none of who asks. */
export const unusableId = 'This id cannot be used.';

/** Nautobot's words for a row that repeats what must be unique. */
export function addUniqueFault(type: TypeDescriptor, fields: readonly string[], faults: Faults): void {
  const [field = '', ...more] = fields;
  if (more.length > 0) faults.add('non_field_errors', `The fields ${fields.join(', ')} must make a unique set.`);
  else if (type.fields[field]?.taken !== undefined)
    faults.add(inputName(field, type.fields[field]), type.fields[field].taken);
  else if (field === 'id') faults.add(field, unusableId);
  else faults.add(field, `${type.label} with this ${field} already exists.`);
}

/** The saved row; what was unique when it was checked may have been taken by another process since. */
export async function savedUnique(type: TypeDescriptor, saving: Promise<unknown>): Promise<AnyRow> {
  try {
    return (await saving) as AnyRow;
  } catch (error) {
    if (!(error instanceof UniqueViolation)) throw error;
    const faults = new Faults();
    addUniqueFault(type, error.fields, faults);
    throw faults.asError();
  }
}

/** The unique set that a field is part of, filled from a row. */
export function uniqueSetWith(type: TypeDescriptor, field: string, row: AnyRow): Partial<RowOf<TypeDescriptor>> {
  return pick(uniqueSets(type).find((set) => set.includes(field)) ?? [field], row);
}

function uniqueSets({ fields, unique }: TypeDescriptor): (readonly string[])[] {
  const alone = Object.keys(fields).filter((name) => fields[name]?.unique && !fields[name]?.readOnly);
  return [['id'], ...alone.map((name) => [name]), ...unique];
}

function pick(set: readonly string[], row: AnyRow): Partial<RowOf<TypeDescriptor>> {
  return Object.fromEntries(set.map((name) => [name, row[name]])) as Partial<RowOf<TypeDescriptor>>;
}
