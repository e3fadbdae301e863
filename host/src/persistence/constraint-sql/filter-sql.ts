import type { TypeDescriptor } from '../../domain/descriptor';
import type { LookupName } from '../../domain/constraint';
import type { Filter, Scalar } from '../../domain/ports';
import { relationOf } from '../../permissions/constraints/relations';
import { columnOf, comparable } from '../identifiers';
import { itemPath } from '../json-leaves';
import { clauseWhere, pathWhere, waysOf, type ConstraintAsking } from './constraint-sql';
import { always, exactly, never, or, type Where } from './where';

/** The rows of a table that meet a filter, in the algebra of constraints. */
export function filterWhere(filter: Filter, type: TypeDescriptor, asking: ConstraintAsking): Where {
  // A list has no leaves: it is looked into row by row.
  if (filter.holds && !filter.keys) return { ...always, exact: false };
  const met = isRelation(type, filter.field)
    ? relationWhere(filter, type, asking)
    : filter.keys
      ? memberWhere(filter, filter.keys, type, asking)
      : fieldWhere(filter, type, asking);
  if (!filter.negated) return met;
  // What lets others pass, turned round, would leave some out.
  return met.exact ? exactly(`(${met.text}) IS NOT TRUE`) : { ...always, exact: false };
}

/** Whether a filter is about the rows at the far end, rather than about a column. */
export function isRelation({ fields }: TypeDescriptor, name: string): boolean {
  return !Object.hasOwn(fields, name) || fields[name]?.kind === 'references';
}

function fieldWhere(
  { field, values, lookup = 'exact' }: Filter,
  type: TypeDescriptor,
  asking: ConstraintAsking,
): Where {
  const clause = { field, keys: [], text: field };
  const walked = asking.form === 'probes';
  if (lookup !== 'exact') {
    return or(values.map((value) => clauseWhere({ ...clause, lookup, values: [value] }, type, asking, walked)));
  }
  const some = values.filter((value) => value !== null);
  for (const value of some) comparable(type, field, value);
  return or([
    some.length === 0 ? never : clauseWhere({ ...clause, lookup: 'in', values: some }, type, asking, walked),
    some.length === values.length ? never : exactly(`${columnOf(type, field)} IS NULL`),
  ]);
}

function memberWhere(
  { field, values, lookup = 'exact', holds }: Filter,
  keys: readonly string[],
  type: TypeDescriptor,
  asking: ConstraintAsking,
): Where {
  const ask = (one: LookupName, asked: readonly Scalar[]): Where =>
    asked.length === 0
      ? never
      : clauseWhere({ field, keys, text: field, lookup: one, values: asked }, type, asking, false);
  if (lookup !== 'exact') return or(values.map((value) => ask(lookup, [value])));
  const some = values.filter((value) => value !== null);
  const items = holds && some.map((item) => pathWhere(itemPath(keys, String(item)), field, type, asking));
  const nulls = some.length === values.length ? [] : [ask('exact', [null]), ask('isnull', [true])];
  return or([...(items || [ask('in', some)]), ...nulls]);
}

function relationWhere({ field, values, lookup = 'exact' }: Filter, type: TypeDescriptor, asking: ConstraintAsking) {
  const target = relationOf(type, field)?.target ?? '';
  const far = asking.types(target);
  if (!far) throw new TypeError(`A ${type.label} has no relation "${field}".`);
  const ways = waysOf(type, field, far, asking);
  if (lookup === 'isnull') return or(values.map((none) => exactly(ways(always.text)[none === true ? 'none' : 'some'])));
  const isText = (value: unknown): value is string => typeof value === 'string';
  if (lookup !== 'exact' || !values.every(isText)) throw new TypeError(`${type.name}.${field} holds ids.`);
  const { text } = clauseWhere({ field: 'id', keys: [], lookup: 'in', values, text: 'id' }, far, asking, false);
  return exactly(ways(text).some);
}
