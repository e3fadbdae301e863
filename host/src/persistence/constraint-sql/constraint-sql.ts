import type { Clause, Conjunction, Constraint, RelatedConjunction } from '../../domain/constraint';
import type { TypeDescriptor } from '../../domain/descriptor';
import { lookups } from '../../permissions/constraints/lookups';
import { relationOf, type TypesByName } from '../../permissions/constraints/relations';
import { columnOf, fieldOf, quoted } from '../identifiers';
import { jsonLeafColumns, leafPath, leafTable } from '../json-leaves';
import { foldedColumn, isFolded, type ColumnKind } from '../kinds';
import { linkTable } from '../links';
import { leafWhere, type Asking, type LeafColumns } from './leaf-sql';
import { always, and, exactly, or, type Where } from './where';

/** What rows and relations are found with. */
export interface ConstraintAsking extends Asking {
  readonly types: TypesByName;
}

// More would outgrow the text that an engine takes; such a scope is decided in memory, row by row.
const maxClauses = 400;

/**
 * The rows of a table that meet a constraint. Sub-queries never look outwards, so that each is answered once, from an
 * index, and not for every row. Names come from descriptors, values and JSON keys are bound.
 */
export function constraintWhere(constraint: Constraint, type: TypeDescriptor, asking: ConstraintAsking): Where {
  if (constraint.type !== type.name) throw new TypeError(`The constraint is on ${constraint.type}, not ${type.name}.`);
  const clauses = constraint.any.reduce((sum, one) => sum + sizeOf(one), 0);
  if (clauses > maxClauses) return { ...always, exact: false };
  return or(constraint.any.map((one) => conjunctionWhere(one, type, asking)));
}

const sizeOf = ({ clauses, related }: Conjunction): number =>
  clauses.length + related.reduce((sum, { meets }) => sum + 1 + sizeOf(meets), 0);

function conjunctionWhere({ clauses, related }: Conjunction, type: TypeDescriptor, asking: ConstraintAsking): Where {
  return and([
    ...clauses.map((clause) => clauseWhere(clause, type, asking)),
    ...related.map((one) => relatedWhere(one, type, asking)),
  ]);
}

/** A column of the type's table, told from those of others. */
const own = (type: TypeDescriptor, column: string): string => `${quoted(type.table)}.${column}`;
const idOf = (type: TypeDescriptor): string => own(type, columnOf(type, 'id'));

function clauseWhere({ field, keys, lookup, values }: Clause, type: TypeDescriptor, asking: ConstraintAsking): Where {
  const { kind } = fieldOf(type, field);
  if (kind === 'secret' || kind === 'references') throw new TypeError(`${type.name}.${field} cannot be compared.`);
  const condition = lookups[lookup].condition(values);
  if (keys.length > 0) {
    const leaves = `SELECT "owner_id" FROM ${quoted(leafTable(type, field))} WHERE "path" = ${asking.bind(leafPath(keys))}`;
    if (condition.kind === 'absent') return exactly(`${idOf(type)} ${condition.value ? 'NOT IN' : 'IN'} (${leaves})`);
    const { text, exact } = leafWhere(condition, jsonLeafColumns, asking);
    return { text: `${idOf(type)} IN (${leaves} AND ${text})`, exact };
  }
  const column = own(type, columnOf(type, field));
  if (condition.kind === 'absent') return exactly(`${column} IS ${condition.value ? 'NULL' : 'NOT NULL'}`);
  const folded = isFolded(type, field) ? own(type, quoted(foldedColumn(field))) : undefined;
  return leafWhere(condition, columnsOfKind[kind](column, folded), asking);
}

const asText = (text: string, folded: string | undefined): LeafColumns => ({ text, folded });
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
  flag: (column) => ({ is: (word) => (word === null ? `${column} IS NULL` : `${column} = ${Number(word)}`) }),
  json: asNothing,
  list: asNothing,
  constraint: asNothing,
  secret: asNothing,
} as const satisfies Record<ColumnKind, (column: string, folded: string | undefined) => LeafColumns>;

function relatedWhere(
  { relation, target, meets, orNone }: RelatedConjunction,
  type: TypeDescriptor,
  asking: ConstraintAsking,
): Where {
  const far = asking.types(target);
  const way = relationOf(type, relation);
  if (!far || way?.target !== target) throw new TypeError(`A ${type.label} has no relation "${relation}".`);
  const { text, exact } = conjunctionWhere(meets, far, asking);
  const { some, none } = waysOf(type, relation, far, asking.types)(text);
  return or([{ text: some, exact }, ...(orNone ? [exactly(none)] : [])]);
}

/** How a row of a type finds the rows at the far end of a relation: some of them that meet a condition, or none at all. */
function waysOf(
  type: TypeDescriptor,
  relation: string,
  far: TypeDescriptor,
  types: TypesByName,
): (condition: string) => { readonly some: string; readonly none: string } {
  const ids = (condition: string) => `SELECT ${idOf(far)} FROM ${quoted(far.table)} WHERE ${condition}`;
  const via = relationOf(type, relation)?.via;
  if (!via && fieldOf(type, relation).kind === 'reference') {
    const column = own(type, columnOf(type, relation));
    return (condition) => ({ some: `${column} IN (${ids(condition)})`, none: `${column} IS NULL` });
  }
  const joining = via && types(via.type);
  if (via && !joining) throw new TypeError(`There is no type "${via.type}".`);
  const [table, from, to] =
    via && joining
      ? [quoted(joining.table), own(joining, columnOf(joining, via.from)), own(joining, columnOf(joining, via.to))]
      : [quoted(linkTable(type, relation)), '"from_id"', '"to_id"'];
  const near = (condition: string) => `(SELECT ${from} FROM ${table} WHERE ${condition})`;
  return (condition) => ({
    some: `${idOf(type)} IN ${near(via?.to === 'id' ? condition : `${to} IN (${ids(condition)})`)}`,
    none: `${idOf(type)} NOT IN ${near(`${from} IS NOT NULL AND ${to} IS NOT NULL`)}`,
  });
}
