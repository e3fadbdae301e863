import type { Principal } from '../domain/access';
import type { AnyRow, TypeDescriptor } from '../domain/descriptor';
import type { Rows } from '../domain/ports';
import type { RelatedRow, RelatedRows, RelationPath } from './constraints/predicate';
import { relationOf } from './constraints/relations';
import type { PermissionExplanation } from './explain';
import type { ObjectPolicy } from './object-policy';
import type { Decision, DecisionRequest, Policy } from './policy';

const pageSize = 1000;

/**
 * A request with the related rows that its decision looks through; images that have theirs keep them. The rows of `before`
 * are to be read before a change and those of `after` after it, in its transaction.
 */
export async function withRelated(policy: Policy, rows: Rows, request: DecisionRequest): Promise<DecisionRequest> {
  const { principal, action, type } = request;
  return alongPaths(rows, policy.relations?.(principal, action, type) ?? [], request);
}

async function alongPaths(
  rows: Rows,
  paths: readonly RelationPath[],
  request: DecisionRequest,
): Promise<DecisionRequest> {
  if (paths.length === 0) return request;
  const { type, before, after, related } = request;
  const of = async (row: AnyRow | undefined, known: RelatedRows | undefined): Promise<RelatedRows> =>
    known ?? (row ? loadRelated(rows, { type, row, paths }) : {});
  return { ...request, related: { before: await of(before, related?.before), after: await of(after, related?.after) } };
}

/** Decides, after it has read the related rows that the constraints look through. */
export async function judge(policy: Policy, rows: Rows, request: DecisionRequest): Promise<Decision> {
  return policy.decide(await withRelated(policy, rows, request));
}

/** Whether what a row is about may be viewed; true of rows that are about none. */
export async function seesSubject(
  policy: Policy,
  rows: Rows,
  { principal, type, row }: { readonly principal: Principal; readonly type: TypeDescriptor; readonly row: AnyRow },
): Promise<boolean> {
  if (!type.about) return true;
  const subject = rows.types.targets.get(String(row[type.about.type]));
  const before =
    subject && ((await rows.get(subject, { id: String(row[type.about.id]) } as never)) as AnyRow | undefined);
  if (!before) return principal.isSuperuser;
  return (await judge(policy, rows, { principal, action: 'view', type: subject, before })).allowed;
}

/** A policy that can say, too, what each permission says to a request. */
export type ExplainingPolicy = Policy & Partial<Pick<ObjectPolicy, 'explain' | 'relationsOfAll'>>;

/** A decision and what each permission of the kind says to it, after it has read what all of them look through. */
export async function explained(
  policy: ExplainingPolicy,
  rows: Rows,
  request: DecisionRequest,
): Promise<PermissionExplanation> {
  if (!policy.explain) return { ...(await judge(policy, rows, request)), candidates: [] };
  const { related: _fewer, ...plain } = request;
  const { principal, action, type } = request;
  return policy.explain(await alongPaths(rows, policy.relationsOfAll?.(principal, action, type) ?? [], plain));
}

/** Reads what a decision looks through: every row along the paths, and an empty list where there is none. */
export async function loadRelated(
  rows: Rows,
  {
    type,
    row,
    paths,
  }: { readonly type: TypeDescriptor; readonly row: AnyRow; readonly paths: readonly RelationPath[] },
): Promise<RelatedRows> {
  const related: Record<string, readonly RelatedRow[]> = {};
  for (const name of new Set(paths.flatMap(([first]) => first ?? []))) {
    const further = paths.filter(([first, ...rest]) => first === name && rest.length > 0).map(([, ...rest]) => rest);
    const relation = relationOf(type, name);
    const target = relation && rows.types.targets.get(relation.target);
    if (!target) throw new TypeError(`A ${type.label} has no relation "${name}".`);
    const far: RelatedRow[] = [];
    for (const one of await farRows(rows, { type, row, name })) {
      const next = further.length > 0 && (await loadRelated(rows, { type: target, row: one, paths: further }));
      far.push(next ? { row: one, related: next } : { row: one });
    }
    related[name] = far;
  }
  return related;
}

async function farRows(
  rows: Rows,
  { type, row, name }: { readonly type: TypeDescriptor; readonly row: AnyRow; readonly name: string },
): Promise<AnyRow[]> {
  const { target, via } = relationOf(type, name) ?? { target: '' };
  const targetType = typeOf(rows, target);
  if (!via) return getAll(rows, targetType, [row[name]].flat());
  const joining = typeOf(rows, via.type);
  const found: AnyRow[] = [];
  for (;;) {
    const filters = [{ field: via.from, values: [row.id] }];
    const page = await rows.list(joining, { scope: { kind: 'all' }, filters, limit: pageSize, offset: found.length });
    found.push(...(page.rows as unknown as AnyRow[]));
    if (page.rows.length < pageSize) break;
  }
  if (via.to === 'id') return found;
  return getAll(
    rows,
    targetType,
    found.map((one) => one[via.to]),
  );
}

function typeOf({ types }: Rows, name: string): TypeDescriptor {
  const type = types.targets.get(name);
  if (!type) throw new TypeError(`There is no type "${name}".`);
  return type;
}

async function getAll(rows: Rows, type: TypeDescriptor, ids: readonly unknown[]): Promise<AnyRow[]> {
  const found: AnyRow[] = [];
  for (const id of new Set(ids)) {
    const row = typeof id === 'string' ? await rows.get(type, { id } as never) : undefined;
    if (row) found.push(row as unknown as AnyRow);
  }
  return found;
}
