import type { Clause, Conjunction, Constraint } from '../../domain/constraint';
import type { AnyRow, TypeDescriptor } from '../../domain/descriptor';
import { costOf, testOf, type MatchContext } from './conditions';
import { lookups } from './lookups';
import { normalInstant } from './operands';
import type { TypesByName } from './relations';

/** A row at the far end of a relation, with the rows at the far end of its own. */
export interface RelatedRow {
  readonly row: AnyRow;
  readonly related?: RelatedRows;
}

/** Every row at the far end of each relation, by the name of the relation. */
export type RelatedRows = Readonly<Record<string, readonly RelatedRow[]>>;

/** The relations to follow, such as `['secrets_groups', 'secrets_group_associations']`. */
export type RelationPath = readonly string[];

/** A constraint as a function. */
export interface Predicate {
  /**
   * Whether a row meets the constraint. `related` is needed along {@link Predicate.relations}: a relation that is not in
   * it is an error, never an empty one.
   */
  matches(row: AnyRow, context: MatchContext, related?: RelatedRows): boolean;
  /** For each alternative, the clauses that the row fails, as they were written; an empty list is a match. */
  failures(row: AnyRow, context: MatchContext, related?: RelatedRows): readonly (readonly string[])[];
  /** The relations that it looks through; none asks for no related rows. */
  readonly relations: readonly RelationPath[];
}

/** Compiles a constraint on rows of a type, once; every clause becomes a closure. */
export function compilePredicate(constraint: Constraint, type: TypeDescriptor, types: TypesByName): Predicate {
  if (constraint.type !== type.name) throw new TypeError(`The constraint is on ${constraint.type}, not ${type.name}.`);
  const any = constraint.any.map((conjunction) => compileConjunction(conjunction, type, types));
  const paths = constraint.any.flatMap((conjunction) => pathsOf(conjunction));
  return {
    matches(row, context, related) {
      for (const one of any) if (one.matches(row, related, context)) return true;
      return false;
    },
    failures: (row, context, related) => any.map((one) => one.failures(row, related, context)),
    relations: [...new Map(paths.map((path) => [path.join('__'), path])).values()],
  };
}

interface Compiled {
  matches(row: AnyRow, related: RelatedRows | undefined, context: MatchContext): boolean;
  failures(row: AnyRow, related: RelatedRows | undefined, context: MatchContext): readonly string[];
}

function compileConjunction(conjunction: Conjunction, type: TypeDescriptor, types: TypesByName): Compiled {
  const parts = [
    ...conjunction.clauses.map((clause) => compileClause(clause, type)).toSorted((a, b) => a.cost - b.cost),
    ...conjunction.related.map((one) => compileRelated(one, types)),
  ];
  return {
    matches(row, related, context) {
      for (const part of parts) if (!part.matches(row, related, context)) return false;
      return true;
    },
    failures: (row, related, context) => parts.flatMap((part) => part.failures(row, related, context)),
  };
}

function compileClause(clause: Clause, type: TypeDescriptor): Compiled & { readonly cost: number } {
  const condition = lookups[clause.lookup].condition(clause.values);
  const test = testOf(condition);
  const leaf = leafOf(clause, type);
  const matches: Compiled['matches'] = (row, _related, context) => test(leaf(row), context);
  return { cost: costOf(condition), matches, failures: (...about) => (matches(...about) ? [] : [clause.text]) };
}

function compileRelated(
  { relation, target, meets, orNone }: Conjunction['related'][number],
  types: TypesByName,
): Compiled {
  const type = types(target);
  if (!type) throw new TypeError(`There is no type "${target}".`);
  const far = compileConjunction(meets, type, types);
  const farRows = (related: RelatedRows | undefined): readonly RelatedRow[] => {
    const rows = related && Object.hasOwn(related, relation) ? related[relation] : undefined;
    if (!rows) throw new TypeError(`The decision needs the related rows of "${relation}".`);
    return rows;
  };
  const matches: Compiled['matches'] = (_row, related, context) => {
    const rows = farRows(related);
    return rows.length === 0 ? orNone : rows.some((one) => far.matches(one.row, one.related, context));
  };
  return {
    matches,
    failures(row, related, context) {
      if (matches(row, related, context)) return [];
      // Each clause may be met by some row, and yet no row meets them all: then all of them have failed.
      const [first, ...others] = farRows(related).map((one) => far.failures(one.row, one.related, context));
      const always = first?.filter((text) => others.every((failed) => failed.includes(text))) ?? [];
      return always.length > 0 ? always : textsOf(meets);
    },
  };
}

/** Reads the leaf that a clause is about; undefined is a column's null, or a JSON member that is missing. */
function leafOf({ field, keys }: Clause, type: TypeDescriptor): (row: AnyRow) => unknown {
  const kind = Object.hasOwn(type.fields, field) ? type.fields[field]?.kind : undefined;
  if (kind === undefined || kind === 'secret') throw new TypeError(`A ${type.label} has no field "${field}".`);
  if (kind === 'datetime') {
    return (row) => (typeof row[field] === 'string' ? normalInstant(row[field]) : undefined);
  }
  if (keys.length === 0) return (row) => row[field] ?? undefined;
  return (row) => {
    let leaf: unknown = row[field];
    for (const key of keys) {
      if (typeof leaf !== 'object' || leaf === null || Array.isArray(leaf) || !Object.hasOwn(leaf, key))
        return undefined;
      leaf = (leaf as Readonly<Record<string, unknown>>)[key];
    }
    return leaf;
  };
}

function pathsOf({ related }: Conjunction): RelationPath[] {
  return related.flatMap(({ relation, meets }) => [[relation], ...pathsOf(meets).map((path) => [relation, ...path])]);
}

function textsOf({ clauses, related }: Conjunction): string[] {
  return [...clauses.map(({ text }) => text), ...related.flatMap(({ meets }) => textsOf(meets))];
}
