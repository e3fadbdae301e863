import type { Clause, Conjunction, Constraint, RelatedConjunction } from '../../domain/constraint';
import type { TypeDescriptor } from '../../domain/descriptor';
import { lookups, type Condition } from '../../permissions/constraints/lookups';
import { relationOf, type TypesByName } from '../../permissions/constraints/relations';
import { columnOf, fieldOf, quoted } from '../identifiers';
import { jsonLeafColumns, leafPath, leafTable } from '../json-leaves';
import { foldedColumn, isFolded, isLong, type ColumnKind } from '../kinds';
import { linkTable } from '../links';
import { leafWhere, type Asking, type LeafColumns } from './leaf-sql';
import { always, and, exactly, or, type Where } from './where';

/** What rows and relations are found with. */
export interface ConstraintAsking extends Asking {
  readonly types: TypesByName;
  readonly form: ConstraintForm;
}

/**
 * Two ways to say the same. As `sets` every sub-query is answered once, from an index, and finds the rows: the whole scope
 * costs what it holds. As `probes` each row is asked, in the order of the list: the first page of a wide scope costs
 * little, however many rows there are.
 */
export type ConstraintForm = 'sets' | 'probes';

// More would outgrow the text that an engine takes; such a scope is decided in memory, row by row.
const maxClauses = 400;

/** The rows of a table that meet a constraint. Names come from descriptors; values and JSON keys are bound. */
export function constraintWhere(constraint: Constraint, type: TypeDescriptor, asking: ConstraintAsking): Where {
  if (constraint.type !== type.name) throw new TypeError(`The constraint is on ${constraint.type}, not ${type.name}.`);
  const clauses = constraint.any.reduce((sum, one) => sum + sizeOf(one), 0);
  if (clauses > maxClauses) return { ...always, exact: false };
  return or(constraint.any.map((one) => conjunctionWhere(one, type, asking)));
}

const sizeOf = ({ clauses, related }: Conjunction): number =>
  clauses.length + related.reduce((sum, { meets }) => sum + 1 + sizeOf(meets), 0);

function conjunctionWhere({ clauses, related }: Conjunction, type: TypeDescriptor, asking: ConstraintAsking): Where {
  const narrowed = asking.form === 'probes' || related.length > 0 || clauses.some(({ keys }) => keys.length > 0);
  return and([
    ...clauses.map((clause) => clauseWhere(clause, type, asking, narrowed)),
    ...related.map((one) => relatedWhere(one, type, asking)),
  ]);
}

/** A column of the type's table, told from those of others. */
const own = (type: TypeDescriptor, column: string): string => `${quoted(type.table)}.${column}`;
const idOf = (type: TypeDescriptor): string => own(type, columnOf(type, 'id'));

/** The rows of a table that meet one clause; `narrowed` where something else is the better way to them. */
export function clauseWhere(
  { field, keys, lookup, values }: Clause,
  type: TypeDescriptor,
  asking: ConstraintAsking,
  narrowed: boolean,
): Where {
  const { kind } = fieldOf(type, field);
  if (kind === 'secret' || kind === 'references') throw new TypeError(`${type.name}.${field} cannot be compared.`);
  const condition = lookups[lookup].condition(values);
  if (keys.length > 0) return memberWhere(condition, { field, keys }, type, asking);
  const at = (name: string) => (narrowed ? asking.dialect.aside(own(type, name)) : own(type, name));
  const column = at(columnOf(type, field));
  if (condition.kind === 'absent') return exactly(`${column} IS ${condition.value ? 'NULL' : 'NOT NULL'}`);
  const folded = isFolded(type, field) ? at(quoted(foldedColumn(field))) : undefined;
  return leafWhere(condition, columnsOfKind[kind](column, folded, isLong(type, field)), asking);
}

function memberWhere(
  condition: Condition,
  { field, keys }: Pick<Clause, 'field' | 'keys'>,
  type: TypeDescriptor,
  { form, ...asking }: ConstraintAsking,
): Where {
  const { dialect } = asking;
  if (fieldOf(type, field).opaque) return { ...always, exact: false };
  const there = `"path" = ${asking.bind(dialect.leafPath(leafPath(keys)))}`;
  const { text, exact } = condition.kind === 'absent' ? always : leafWhere(condition, jsonLeafColumns, asking);
  const meets = text === always.text ? there : `${there} AND ${text}`;
  const not = condition.kind === 'absent' && condition.value ? 'NOT ' : '';
  return { text: leafIn(type, field, { form, dialect }, { not, meets }), exact };
}

/** The rows with a leaf at exactly this path, whatever it is. */
export function pathWhere(path: string, field: string, type: TypeDescriptor, asking: ConstraintAsking): Where {
  const meets = `"path" = ${asking.bind(asking.dialect.leafPath(path))}`;
  return exactly(leafIn(type, field, asking, { not: '', meets }));
}

function leafIn(
  type: TypeDescriptor,
  field: string,
  { form, dialect }: Pick<ConstraintAsking, 'form' | 'dialect'>,
  { not, meets }: { readonly not: string; readonly meets: string },
): string {
  const table = quoted(leafTable(type, field));
  return form === 'sets'
    ? `${idOf(type)} ${not}IN (SELECT "owner_id" FROM ${table} WHERE ${meets})`
    : `${not}${dialect.exists(table, `"owner_id" = ${idOf(type)} AND ${meets}`)}`;
}

const asText = (text: string, folded: string | undefined, long: boolean): LeafColumns => ({ text, folded, long });
const asNothing = (): LeafColumns => ({});

/** The leaf that a column of each kind is. */
const columnsOfKind = {
  id: asText,
  text: asText,
  choice: asText,
  // Fixed-width text in UTC, in order of time.
  datetime: asText,
  reference: asText,
  number: (number) => ({ number }),
  flag: (column) => ({
    is: (word) => (word === null ? `${column} IS NULL` : `${column} = ${word ? 'TRUE' : 'FALSE'}`),
  }),
  json: asNothing,
  list: asNothing,
  constraint: asNothing,
  secret: asNothing,
} as const satisfies Record<ColumnKind, (column: string, folded: string | undefined, long: boolean) => LeafColumns>;

function relatedWhere(
  { relation, target, meets, orNone }: RelatedConjunction,
  type: TypeDescriptor,
  asking: ConstraintAsking,
): Where {
  const far = asking.types(target);
  const way = relationOf(type, relation);
  if (!far || way?.target !== target) throw new TypeError(`A ${type.label} has no relation "${relation}".`);
  // What is at the far end is found once for all rows.
  const { text, exact } = conjunctionWhere(meets, far, { ...asking, form: 'sets' });
  const { some, none } = waysOf(type, relation, far, asking)(text);
  return or([{ text: some, exact }, ...(orNone ? [exactly(none)] : [])]);
}

/** How a row of a type finds the rows at the far end of a relation: some of them that meet a condition, or none at all. */
export function waysOf(
  type: TypeDescriptor,
  relation: string,
  far: TypeDescriptor,
  { types, form, dialect }: ConstraintAsking,
): (condition: string) => { readonly some: string; readonly none: string } {
  const ids = (condition: string) => `SELECT ${idOf(far)} FROM ${quoted(far.table)} WHERE ${condition}`;
  const via = relationOf(type, relation)?.via;
  if (!via && fieldOf(type, relation).kind === 'reference') {
    const named = own(type, columnOf(type, relation));
    const column = form === 'probes' ? dialect.aside(named) : named;
    return (condition) => ({ some: `${column} IN (${ids(condition)})`, none: `${column} IS NULL` });
  }
  const joining = via && types(via.type);
  if (via && !joining) throw new TypeError(`There is no type "${via.type}".`);
  const [table, from, to] =
    via && joining
      ? [joining.table, own(joining, columnOf(joining, via.from)), own(joining, columnOf(joining, via.to))]
      : [linkTable(type, relation), '"from_id"', '"to_id"'];
  // A table cannot be asked about itself by its name.
  const near = (not: string, condition: string) =>
    form === 'sets' || table === type.table
      ? `${idOf(type)} ${not}IN (SELECT ${from} FROM ${quoted(table)} WHERE ${condition})`
      : `${not}${dialect.exists(quoted(table), `${from} = ${idOf(type)} AND ${condition}`)}`;
  return (condition) => ({
    some: near('', via?.to === 'id' ? condition : `${to} IN (${ids(condition)})`),
    none: near('NOT ', `${from} IS NOT NULL AND ${to} IS NOT NULL`),
  });
}
