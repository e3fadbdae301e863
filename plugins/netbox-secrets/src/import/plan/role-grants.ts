import { keyOf } from '../record-store';
import type { Reference } from '../records/field-kinds';
import { stableId } from '../stable-id';
import { groupBy, type PlanContext } from './context';
import { holders, importedTypes } from './permissions';
import type { PermissionStep } from './steps';

const codename = /^([a-z]+)_(\w+)$/;
const actions: ReadonlySet<string> = new Set(['view', 'add', 'change', 'delete']);

/** The users and groups of roles, until 2.8: who may decrypt. That is reveal, within `role__slug`, and nothing else. */
function* planRoles(context: PlanContext): Generator<PermissionStep> {
  const { records } = context.catalogue;
  const own = <T extends { readonly secretrole: Reference }>(links: readonly T[]) =>
    groupBy(links, ({ secretrole }) => records.find('role', secretrole));
  const users = own(records.all('role-user'));
  const groups = own(records.all('role-group'));
  for (const role of records.all('role')) {
    const held = [users.get(role) ?? [], groups.get(role) ?? []] as const;
    if (held[0].length + held[1].length === 0) continue;
    const name = `Reveal secrets of the role ${role.name}`;
    yield {
      kind: 'permission',
      id: stableId(context.instance, 'permission', `role ${keyOf(role)}`),
      number: undefined,
      name,
      description: 'The users and groups of the role in NetBox.',
      enabled: true,
      object_types: ['secrets.secret'],
      actions: ['reveal'],
      constraints: { role__slug: role.slug },
      ...holders(
        context,
        `permission ${name}`,
        held[0].map(({ user }) => user),
        held[1].map(({ group }) => group),
      ),
    };
  }
}

interface Held {
  readonly users: Reference[];
  readonly groups: Reference[];
}

/** Who holds which of Django's model permissions, by `action application.model`. */
function modelPermissions({ catalogue: { records } }: PlanContext): Map<string, Held> {
  const held = new Map<string, Held>();
  const nameOf = (reference: Reference): string | undefined => {
    const row = records.find('model-permission', reference);
    // By natural key: [code name, application, model].
    const natural = typeof reference === 'object' ? reference : [];
    const code = row?.codename ?? natural[0] ?? '';
    const type = row ? records.typeName(row.content_type) : records.typeName(natural.slice(1));
    const [, action] = codename.exec(code) ?? [];
    return action !== undefined && type !== undefined ? `${action} ${type}` : undefined;
  };
  const at = (reference: Reference): Held | undefined => {
    const name = nameOf(reference);
    if (name === undefined) return undefined;
    const known = held.get(name) ?? { users: [], groups: [] };
    held.set(name, known);
    return known;
  };
  for (const { permission, user } of records.all('user-model-permission')) at(permission)?.users.push(user);
  for (const { permission, group } of records.all('group-model-permission')) at(permission)?.groups.push(group);
  return held;
}

/** Model permissions, until 2.8: view, add, change and delete of all rows of a type; none of them shows a value. */
function* planModels(context: PlanContext): Generator<PermissionStep> {
  for (const [name, { users, groups }] of modelPermissions(context)) {
    const [action = '', netboxType = ''] = name.split(' ');
    const type = actions.has(action) ? importedTypes.get(netboxType)?.type : undefined;
    if (type === undefined) {
      // Rights about the rest of NetBox are none of those that are imported.
      if (netboxType.startsWith('secrets.'))
        context.tally.find({ code: 'permission-foreign', of: 'model-permission', pk: undefined, detail: name });
      continue;
    }
    yield {
      kind: 'permission',
      id: stableId(context.instance, 'permission', name),
      number: undefined,
      name: `${action} ${netboxType}`,
      description: 'A model permission of NetBox.',
      enabled: true,
      object_types: [type],
      actions: [action],
      constraints: type === 'inventory.object' ? { object_type: netboxType } : null,
      ...holders(context, `permission ${name}`, users, groups),
    };
  }
}

/** The rights of NetBox until 2.8 as permissions. */
export function* planRoleGrants(context: PlanContext): Generator<PermissionStep> {
  if (!context.catalogue.version.hasRoleGrants) return;
  yield* planRoles(context);
  yield* planModels(context);
}
