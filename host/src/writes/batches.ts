import type { Action } from '../domain/access';
import { byPlace } from '../domain/by-place';
import type { AnyRow, TypeDescriptor } from '../domain/descriptor';
import { InvalidInput, InvalidRows, NotFound, type FieldFaults } from '../domain/failures';
import { noRow, notAList, pythonType } from '../domain/messages';
import { isUuid, mostItems } from './field-kinds';
import type { Given, Reached, RowSteps, Step } from './row-steps';
import { inputName } from './seals';

/** The most rows of one request; all of them hold the write lock together. */
export const mostRows = 100;

/** How many faulty rows are told of; whatever comes after them is not looked at. */
export const mostFaulty = 20;

/** One row that a batch is about. */
interface Named {
  readonly id: string;
  readonly input: unknown;
}

/** The items of a body that must be a list. */
export function itemsOf(input: unknown): readonly unknown[] {
  if (!Array.isArray(input)) throw new InvalidInput({ non_field_errors: [notAList(input)] });
  if (input.length > mostRows) {
    throw new InvalidInput({ non_field_errors: [`Send at most ${mostRows} rows at a time.`] });
  }
  return input;
}

/** Refuses a list that names more rows than can be looked for while the lock is held, however few its own are. */
export function checkRelated({ fields }: TypeDescriptor, inputs: readonly unknown[]): void {
  const many = Object.entries(fields).filter(([, { kind }]) => kind === 'references');
  let named = 0;
  for (const input of inputs)
    for (const [name, field] of many) {
      const value = (input as Readonly<Record<string, unknown>> | null)?.[inputName(name, field)];
      if (Array.isArray(value)) named += value.length;
    }
  if (named > mostItems) throw new InvalidInput({ non_field_errors: [`Name at most ${mostItems} rows in one list.`] });
}

/** The items with their ids: each must have one, and none that another has. */
export function namedItems(input: unknown): readonly Named[] {
  const seen = new Set<string>();
  return each(itemsOf(input), (item) => {
    if (typeof item !== 'object' || item === null || Array.isArray(item)) {
      return { non_field_errors: [`Invalid data. Expected a dictionary, but got ${pythonType(item)}.`] };
    }
    const { id: given } = item as { readonly id?: unknown };
    if (given === undefined) return { id: ['This field is required.'] };
    if (!isUuid(given)) return { id: ['Must be a valid UUID.'] };
    const id = given.toLowerCase();
    if (seen.has(id)) return { id: ['The list names this id more than once.'] };
    seen.add(id);
    return undefined;
  }).map((item) => ({ id: String((item as { readonly id: unknown }).id).toLowerCase(), input: item }));
}

/** Refuses new rows for what can be seen of them without the database, so that no lock is held for that. */
export async function checkShapes(
  given: readonly Given[],
  faultsOf: (given: Given) => Promise<FieldFaults>,
): Promise<void> {
  const faults: FieldFaults[] = [];
  for (const one of given) {
    if (faultyOf(faults) >= mostFaulty) break;
    faults.push(await faultsOf(one));
  }
  if (faultyOf(faults) > 0) throw new InvalidRows(faults);
}

const faultyOf = (faults: readonly FieldFaults[]): number =>
  faults.filter((fault) => Object.keys(fault).length > 0).length;

/** Inserts every row; says of each, up to {@link mostFaulty}, what is wrong, an empty object where nothing is. */
export const insertAll = (steps: RowSteps, step: Step, given: readonly Given[]): Promise<AnyRow[]> =>
  byPlace(given, (one) => steps.insert(step, one), mostFaulty);

/** Reaches every row before any is touched; those that cannot be reached are named, in the list's own order. */
export async function reachAll(
  steps: RowSteps,
  step: Step,
  items: readonly Named[],
  { action, owns }: { readonly action: Action; readonly owns: (row: AnyRow) => boolean },
): Promise<Reached[]> {
  const faults: FieldFaults[] = [];
  const found: Reached[] = [];
  for (const { id } of items) {
    const reached = await reachOne(steps, step, { id, action });
    const mine = reached && owns(reached.before);
    faults.push(mine ? {} : { id: [unreachable(step.type, id)] });
    if (mine) found.push(reached);
    else if (faultyOf(faults) >= mostFaulty) break;
  }
  if (found.length < items.length) throw new InvalidRows(faults);
  return found;
}

const unreachable = (type: TypeDescriptor, id: string): string => `${noRow(type).replace(/\.$/, '')}: ${id}.`;

async function reachOne(
  steps: RowSteps,
  step: Step,
  { id, action }: { readonly id: string; readonly action: Action },
): Promise<Reached | undefined> {
  try {
    // What is shown afterwards must be allowed to be viewed, too.
    await steps.reach(step, 'view', id);
    return await steps.reach(step, action, id);
  } catch (error) {
    if (error instanceof NotFound) return undefined;
    throw error;
  }
}

function each<Item>(items: readonly Item[], faultOf: (item: Item) => FieldFaults | undefined): readonly Item[] {
  const faults = items.map(faultOf);
  if (faults.some((fault) => fault !== undefined)) throw new InvalidRows(faults.map((fault) => fault ?? {}));
  return items;
}
