import type { AnyRow, TypeDescriptor } from '../domain/descriptor';
import type { Filter } from '../domain/ports';
import { matchContext, testOf, type LeafTest } from '../permissions/constraints/conditions';
import { lookups } from '../permissions/constraints/lookups';
import { isRelation } from './constraint-sql/filter-sql';

const nobody = { id: undefined, name: '' };

/** A filter on a field as a function, in the algebra of constraints; undefined for a relation, which only SQL follows. */
export function filterTest(type: TypeDescriptor, filter: Filter): ((row: AnyRow) => boolean) | undefined {
  const { field, keys = [], holds = false, values, lookup = 'exact', negated = false } = filter;
  if (isRelation(type, field)) return undefined;
  const tests: readonly LeafTest[] = values.map((value) => testOf(lookups[lookup].condition([value])));
  const mayBeNull = lookup === 'exact' && values.includes(null);
  return (row) => {
    const leaf = leafAt(row[field] ?? undefined, keys);
    const context = matchContext(nobody);
    const leaves = holds ? (Array.isArray(leaf) ? (leaf as readonly unknown[]) : []) : [leaf];
    const none = leaf === undefined || leaf === null;
    const met = (none && mayBeNull) || leaves.some((one) => tests.some((test) => test(one, context)));
    return met !== negated;
  };
}

/** What is at the end of a way through JSON; undefined where it leads nowhere. */
function leafAt(json: unknown, keys: readonly string[]): unknown {
  let leaf = json;
  for (const key of keys) {
    if (typeof leaf !== 'object' || leaf === null || Array.isArray(leaf) || !Object.hasOwn(leaf, key)) return undefined;
    leaf = (leaf as Readonly<Record<string, unknown>>)[key];
  }
  return leaf;
}
