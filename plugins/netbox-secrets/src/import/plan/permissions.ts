import { keyOf } from '../record-store';
import type { RecordOf } from '../records/record-kinds';
import type { Reference } from '../records/field-kinds';
import { stableId } from '../stable-id';
import { mapConstraints, readConstraints, withIds } from './constraints';
import { groupBy, idOf, type PlanContext } from './context';
import type { Constraints, PermissionStep } from './steps';

/** Latchkey's type for NetBox's, and the kind of its rows; objects of the inventory are told apart by their type. */
export const importedTypes: ReadonlyMap<string, { readonly type: string; readonly kind: string }> = new Map([
  ['secrets.secret', { type: 'secrets.secret', kind: 'secret' }],
  ['secrets.secretrole', { type: 'secrets.secretrole', kind: 'role' }],
  ['extras.tag', { type: 'extras.tag', kind: 'tag' }],
  ['dcim.device', { type: 'inventory.object', kind: 'device' }],
  ['virtualization.virtualmachine', { type: 'inventory.object', kind: 'virtual-machine' }],
]);

/** Who holds a right: the new users and the groups; a user that was there before is told of instead. */
export function holders(
  context: PlanContext,
  right: string,
  users: readonly Reference[],
  groups: readonly Reference[],
): Pick<PermissionStep, 'users' | 'groups'> {
  const { records } = context.catalogue;
  const held = users.flatMap((reference) => records.find('user', reference) ?? []);
  const isOld = (user: RecordOf<'user'>) => context.merged.has(keyOf(user));
  for (const { pk, username } of held.filter(isOld))
    context.tally.find({ code: 'right-withheld', of: 'user', pk, detail: `${username}: ${right}` });
  return {
    users: held.filter((user) => !isOld(user)).flatMap((user) => idOf(context, user) ?? []),
    groups: groups.flatMap((reference) => idOf(context, records.find('group', reference)) ?? []),
  };
}

/** NetBox's view of secrets showed their values too. */
export const withReveal = (actions: readonly string[], types: readonly string[]): string[] =>
  actions.includes('view') && types.includes('secrets.secret') ? [...new Set([...actions, 'reveal'])] : [...actions];

interface Part {
  readonly suffix: string;
  readonly types: readonly string[];
  readonly constraints: Constraints;
}

const isInventory = (name: string): boolean => importedTypes.get(name)?.type === 'inventory.object';

/** The constraints of one type: ids for numbers, and for an object of the inventory its type. */
function constraintsFor({ ids, instance }: PlanContext, name: string, constraints: Constraints): Constraints {
  const kind = importedTypes.get(name)?.kind ?? name;
  const idFor = (of: string, number: number) => ids.get(`${of} ${number}`) ?? stableId(instance, of, number);
  const translated = mapConstraints(constraints, (condition) => withIds(condition, kind, idFor));
  if (!isInventory(name)) return translated;
  return mapConstraints(translated ?? {}, (condition) => ({ ...condition, object_type: name }));
}

/** A permission without constraints holds for its types together; a constraint means another thing for each. */
function partsOf(context: PlanContext, names: readonly string[], constraints: Constraints): Part[] {
  const together = constraints === null ? names.filter((name) => !isInventory(name)) : [];
  const apart = names.filter((name) => !together.includes(name));
  return [
    ...(together.length > 0 ? [{ suffix: '', types: together, constraints }] : []),
    ...apart.map((name) => ({
      suffix: names.length > 1 ? ` (${name})` : '',
      types: [importedTypes.get(name)?.type ?? name],
      constraints: constraintsFor(context, name, constraints),
    })),
  ];
}

/** Object permissions, of 2.9 and later, in Latchkey's types; what they say about other types is left out. */
export function* planPermissions(context: PlanContext): Generator<PermissionStep> {
  const { records, version } = context.catalogue;
  if (version.hasRoleGrants) return;
  const own = <T extends { readonly objectpermission: Reference }>(links: readonly T[]) =>
    groupBy(links, ({ objectpermission }) => records.find('permission', objectpermission));
  const types = own(records.all('permission-type'));
  const users = own(records.all('permission-user'));
  const groups = own(records.all('permission-group'));
  for (const permission of records.all('permission')) {
    const { pk, name } = permission;
    const all = (types.get(permission) ?? []).flatMap(
      (link) => records.typeName(link.contenttype ?? link.objecttype) ?? [],
    );
    const names = all.filter((one) => importedTypes.has(one));
    const constraints = readConstraints(permission.constraints);
    const others = all.filter((one) => !names.includes(one));
    if (names.length === 0 || constraints === undefined) {
      const code = names.length === 0 ? 'permission-foreign' : 'permission-unlimited';
      context.tally.find({ code, of: 'permission', pk, detail: name });
      continue;
    }
    if (others.length > 0)
      context.tally.find({
        code: 'permission-narrowed',
        of: 'permission',
        pk,
        detail: `${name}: without ${others.join(', ')}`,
      });
    const held = holders(
      context,
      `permission ${name}`,
      (users.get(permission) ?? []).map(({ user }) => user),
      (groups.get(permission) ?? []).map(({ group }) => group),
    );
    for (const part of partsOf(context, names, constraints))
      yield {
        kind: 'permission',
        id: stableId(context.instance, 'permission', `${keyOf(permission)}${part.suffix}`),
        number: part.suffix === '' ? pk : undefined,
        name: `${name}${part.suffix}`,
        description: permission.description ?? '',
        enabled: permission.enabled,
        object_types: part.types,
        actions: withReveal(permission.actions, part.types),
        constraints: part.constraints,
        ...held,
      };
  }
}
