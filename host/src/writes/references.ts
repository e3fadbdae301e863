import { userType, type Principal } from '../domain/access';
import type { AnyRow, TypeDescriptor } from '../domain/descriptor';
import { notAList, relatedNotFound, unrecognized } from '../domain/messages';
import type { Rows } from '../domain/ports';
import type { Policy } from '../permissions/policy';
import { judge } from '../permissions/related';
import { isUuid, mostItems, tooManyItems, type FieldReading } from './field-kinds';
import { textFault } from './text';

/** Who looks for a related row, and where. */
export interface ReferenceContext {
  readonly rows: Rows;
  readonly policy: Policy;
  readonly principal: Principal;
  /** Whether what may not be viewed counts, too. */
  readonly unseen?: boolean;
  typeOf(name: string): TypeDescriptor;
}

/** Names that a shown reference holds beside its id; a reference that was read can be written back. */
const shown = new Set(['object_type', 'url', 'display', 'natural_slug']);

/**
 * Finds the row that a reference means: an id, a natural name, or an object of attributes. What may not be viewed is
 * answered as what is not there.
 */
export async function readReference(
  { rows, policy, principal, unseen = false }: ReferenceContext,
  target: TypeDescriptor,
  input: unknown,
): Promise<FieldReading> {
  const wanted = attributesOf(target, input);
  if ('fault' in wanted) return wanted;
  const row = (await rows.get(target, wanted.key)) as AnyRow | undefined;
  const matches = row && Object.entries(wanted.by).every(([name, value]) => row[name] === value);
  // One may always name oneself.
  const self = target === userType && row?.id === principal.id;
  const view = { principal, action: 'view', type: target } as const;
  const visible = matches && (unseen || self || (await judge(policy, rows, { ...view, before: row })).allowed);
  return visible ? { value: row.id } : { fault: relatedNotFound(wanted.by) };
}

/** Finds the rows that a list of references means. */
export async function readReferences(
  context: ReferenceContext,
  target: TypeDescriptor,
  input: unknown,
): Promise<FieldReading> {
  if (!Array.isArray(input)) return { fault: notAList(input) };
  if (input.length > mostItems) return { fault: tooManyItems };
  const ids = new Set<unknown>();
  for (const one of input as readonly unknown[]) {
    const reading = await readReference(context, target, one);
    if ('fault' in reading) return reading;
    ids.add(reading.value);
  }
  return { value: [...ids].toSorted() };
}

type Texts = Readonly<Record<string, string>>;
/** `by` is what was asked for, `key` the part of it that means one row at most. */
type Attributes = { readonly by: Texts; readonly key: Texts } | { readonly fault: string };

const one = (by: Texts): Attributes => ({ by, key: by });

function attributesOf(target: TypeDescriptor, input: unknown): Attributes {
  if (typeof input === 'string') {
    const text = input.trim();
    if (text === '' || textFault(text)) return { fault: unrecognized('') };
    return isUuid(text) ? one({ id: text.toLowerCase() }) : one({ [target.display]: text });
  }
  if (typeof input !== 'object' || input === null || Array.isArray(input)) return { fault: unrecognized(input) };

  const given = input as Readonly<Record<string, unknown>>;
  if (Object.hasOwn(given, 'id'))
    return isUuid(given.id) ? one({ id: given.id.toLowerCase() }) : { fault: unrecognized(given.id) };

  const sets = [...uniqueFields(target).map((name) => [name]), ...target.unique];
  const naming = new Set(sets.flat());
  const by: Record<string, string> = {};
  for (const [name, value] of Object.entries(given)) {
    if (shown.has(name) && !naming.has(name)) continue;
    if (!naming.has(name)) {
      const keyword = textFault(name, 64) ? '' : name;
      return { fault: `Cannot resolve keyword '${keyword}' into field. Choices are: ${['id', ...naming].join(', ')}` };
    }
    if (typeof value !== 'string' || textFault(value)) return { fault: unrecognized(value) };
    by[name] = value;
  }
  const set = sets.find((names) => names.every((name) => Object.hasOwn(by, name)));
  if (set) return { by, key: Object.fromEntries(set.map((name) => [name, by[name] as string])) };
  return {
    fault: Object.keys(by).length === 0 ? unrecognized(given.url) : 'Give an ID, or attributes that mean one object.',
  };
}

function uniqueFields({ fields }: TypeDescriptor): string[] {
  return Object.keys(fields).filter((name) => fields[name]?.unique && fields[name]?.kind === 'text');
}
