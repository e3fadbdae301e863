import type { AnyRow, TypeDescriptor } from '../domain/descriptor';
import type { Filter } from '../domain/ports';
import { matchContext, testOf, type LeafTest } from '../permissions/constraints/conditions';
import { lookups } from '../permissions/constraints/lookups';
import { isRelation } from './constraint-sql/filter-sql';

const nobody = { id: undefined, name: '' };

/** A filter on a field as a function, in the algebra of constraints; undefined for a relation, which only SQL follows. */
export function filterTest(type: TypeDescriptor, filter: Filter): ((row: AnyRow) => boolean) | undefined {
  const { field, values, lookup = 'exact', negated = false } = filter;
  if (isRelation(type, field)) return undefined;
  const tests: readonly LeafTest[] = values.map((value) => testOf(lookups[lookup].condition([value])));
  const mayBeNull = lookup === 'exact' && values.includes(null);
  return (row) => {
    const leaf = row[field] ?? undefined;
    const context = matchContext(nobody);
    const met = (leaf === undefined && mayBeNull) || tests.some((test) => test(leaf, context));
    return met !== negated;
  };
}
