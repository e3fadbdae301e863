import type { AnyRow, RowOf, TypeDescriptor } from '../domain/descriptor';
import type { Rows } from '../domain/ports';
import { unusableId, type Images } from './unique';
import type { Faults } from './validate';

/** Fields that mean one row each, and that an address may name a row by. */
function namesOf({ fields }: TypeDescriptor): string[] {
  return Object.keys(fields).filter((name) => fields[name]?.unique && fields[name]?.kind === 'text');
}

interface Called {
  readonly names: readonly string[];
  readonly text: unknown;
  /** Rows that are not meant. */
  readonly except: (row: AnyRow) => boolean;
}

/** The name by which another row is called what is asked. */
async function holderOf(
  rows: Rows,
  type: TypeDescriptor,
  { names, text, except }: Called,
): Promise<string | undefined> {
  for (const name of names) {
    const row = (await rows.get(type, { [name]: text } as Partial<RowOf<TypeDescriptor>>)) as AnyRow | undefined;
    if (row && !except(row)) return name;
  }
  return undefined;
}

/**
 * Refuses a row that could be taken for another: one called by what another's slug is, or the other way round, and one
 * with an id that another is called by. Otherwise an address would come to mean a row of somebody else.
 */
export async function checkNames(
  rows: Rows,
  type: TypeDescriptor,
  { before, after, given }: Images,
  faults: Faults,
): Promise<void> {
  const all = namesOf(type);
  const { id } = after;
  for (const field of all) {
    const text = after[field];
    if (!given.has(field) || text === before?.[field]) continue;
    const names = all.filter((name) => name !== field);
    // A row that has the field itself is told of already.
    const except = (row: AnyRow): boolean => row.id === id || row[field] === text;
    const other = await holderOf(rows, type, { names, text, except });
    if (other !== undefined) faults.add(field, `${type.label} with this ${field} as its ${other} already exists.`);
  }
  if (before || !given.has('id')) return;
  const called = (text: string) => holderOf(rows, type, { names: all, text, except: () => false });
  if ((await called(id)) ?? (await called(id.toUpperCase()))) faults.add('id', unusableId);
}

/** Whether a slug that is to be made would be what another row is called. */
export async function isTaken(rows: Rows, type: TypeDescriptor, slug: string, { id }: AnyRow): Promise<boolean> {
  const except = (row: AnyRow): boolean => row.id === id;
  return (await holderOf(rows, type, { names: namesOf(type), text: slug, except })) !== undefined;
}
