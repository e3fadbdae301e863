import type { Clause, Conjunction } from '../domain/constraint';
import type { AnyRow, TypeDescriptor } from '../domain/descriptor';
import { InvalidInput } from '../domain/failures';
import type { Scope } from '../domain/ports';
import type { OpenCollection } from './collection';
import type { ListContext } from './read-filters';

const pageSize = 1000;
const mostSubjects = 1000;

/** Narrows a scope on rows that are about others, such as notes, to those about rows that may be viewed. */
export async function withinSubjects(
  { type, rows, definitions }: OpenCollection,
  scope: Scope,
  { principal, policy }: ListContext,
): Promise<Scope> {
  const { about } = type;
  if (!about || scope.kind === 'none') return scope;
  const scopes = [...definitions.types.targets.values()]
    .filter(({ noted }) => noted)
    .map((subject) => ({ subject, within: policy.scope(principal, 'view', subject) }));
  if (scopes.every(({ within }) => within.kind === 'all')) return scope;

  const whole = scopes.filter(({ within }) => within.kind === 'all').map(({ subject }) => subject.name);
  const alternatives = whole.length > 0 ? [[clause(about.type, whole)]] : [];
  for (const { subject, within } of scopes) {
    if (within.kind !== 'constraint') continue;
    const ids = await subjectsIn(subject);
    const visible = new Set<string>();
    for (let i = 0; i < ids.length; i += pageSize) {
      const filters = [{ field: 'id', values: ids.slice(i, i + pageSize) }];
      const page = await definitions.list(subject, { scope: within, filters, limit: pageSize, offset: 0 });
      for (const { id } of page.rows as unknown as readonly AnyRow[]) visible.add(id);
    }
    if (visible.size > 0) alternatives.push([clause(about.type, [subject.name]), clause(about.id, [...visible])]);
  }
  if (alternatives.length === 0) return { kind: 'none' };
  const own: readonly Conjunction[] =
    scope.kind === 'constraint' ? scope.constraint.any : [{ clauses: [], related: [] }];
  const any = own.flatMap((one) => alternatives.map((more) => ({ ...one, clauses: [...one.clauses, ...more] })));
  const user = scope.kind === 'constraint' ? scope.user : { id: principal.id, name: principal.name };
  return { kind: 'constraint', constraint: { type: type.name, any }, user };

  /** The ids of the rows of a type that the rows in the scope are about. */
  async function subjectsIn({ name }: TypeDescriptor): Promise<string[]> {
    const ids = new Set<string>();
    const filters = [{ field: about?.type ?? '', values: [name] }];
    for (let offset = 0; ; offset += pageSize) {
      const page = await rows.list(type, { scope, filters, limit: pageSize, offset });
      for (const row of page.rows as readonly AnyRow[]) ids.add(String(row[about?.id ?? '']));
      if (ids.size > mostSubjects)
        throw new InvalidInput({ non_field_errors: ['Too many rows to look through: ask at the address of one.'] });
      if (page.rows.length < pageSize) return [...ids];
    }
  }
}

function clause(field: string, values: readonly string[]): Clause {
  return { field, keys: [], lookup: 'in', values, text: `${field}__in` };
}
