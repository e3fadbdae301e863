import type { Principal } from '../domain/access';
import type { AnyRow, Field, TypeDescriptor } from '../domain/descriptor';
import { keyOf } from '../domain/keys';
import type { Rows } from '../domain/ports';
import type { Policy } from '../permissions/policy';
import { judge } from '../permissions/related';

/** The rows that keep another from being deleted; a row that is part of a whole counts as that whole. */
export interface Dependants {
  readonly count: number;
  /** The first of them. */
  readonly rows: readonly { readonly type: TypeDescriptor; readonly row: AnyRow }[];
}

const most = 1000;
const listed = 20;

/** Finds what refers to a row by a reference that restricts: for a secret in a slot, the group. */
export async function dependantsOf(
  rows: Rows,
  {
    type,
    id,
    types,
  }: { readonly type: TypeDescriptor; readonly id: string; readonly types: readonly TypeDescriptor[] },
): Promise<Dependants> {
  const wholes = new Map<string, { type: TypeDescriptor; id: string }>();
  for (const other of types)
    for (const [name, field] of Object.entries(other.fields)) {
      if (field.target !== type.name || field.onDelete !== 'restrict') continue;
      const filters = [{ field: name, values: [id] }];
      const page = await rows.list(other, { scope: { kind: 'all' }, filters, limit: most, offset: 0 });
      for (const row of page.rows as readonly AnyRow[]) {
        const whole = wholeOf(other, row, types);
        wholes.set(keyOf(whole.type.name, whole.id), whole);
      }
    }
  const found = await Promise.all(
    [...wholes.values()].slice(0, listed).map(async (whole) => {
      const row = (await rows.get(whole.type, { id: whole.id })) as AnyRow | undefined;
      return row ? [{ type: whole.type, row }] : [];
    }),
  );
  return { count: wholes.size, rows: found.flat() };
}

/** Nautobot's text, and the names alone; what the principal may not view is counted and not named. */
export async function describeDependants(
  { count, rows: found }: Dependants,
  { rows, policy, principal }: { readonly rows: Rows; readonly policy: Policy; readonly principal: Principal },
): Promise<[string, string[]]> {
  const names: string[] = [];
  for (const { type, row } of found) {
    const { allowed } = await judge(policy, rows, { principal, action: 'view', type, before: row });
    if (allowed) names.push(`${String(row[type.display])} (${row.id})`);
  }
  const shown = names.length < count ? [...names, '...'] : names;
  return [`Unable to delete object. ${count} dependent objects were found: ${shown.join(', ')}`, names];
}

function wholeOf(type: TypeDescriptor, row: AnyRow, types: readonly TypeDescriptor[]) {
  const part = Object.entries(type.fields).find(([, field]: [string, Field]) => field.onDelete === 'cascade');
  const whole = part && types.find(({ name }) => name === part[1].target);
  return whole && part ? { type: whole, id: String(row[part[0]]) } : { type, id: row.id };
}
