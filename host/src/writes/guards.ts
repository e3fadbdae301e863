import { isNetwork, notANetwork } from '../credentials/networks';
import { permissionType, tokenType, userType, type ObjectPermission, type Token, type User } from '../domain/access';
import type { TypeDescriptor } from '../domain/descriptor';
import type { FieldFaults, ItemFaults } from '../domain/failures';
import { parseConstraints } from '../permissions/constraints/parse';
import { annotationGuards, taggedGuard } from './annotation-guards';
import { customGuards } from './custom-guards';
import type { Guard, GuardedChange } from './guard';

/** Guards by the name of the type. */
export type Guards = Readonly<Record<string, Guard>>;

const hostGuards: Guards = {
  ...annotationGuards,
  ...customGuards,
  [userType.name]: guardUser,
  [tokenType.name]: guardToken,
  [permissionType.name]: guardPermission,
};

/** The one guard of a type: the host's own rules first, then those that plugins add, in their order. */
export function guardsBy(contributed: readonly Guards[] = []): (type: TypeDescriptor) => Guard {
  const tables = [hostGuards, ...contributed];
  return (type) => {
    const all = [...tables.flatMap((table) => table[type.name] ?? []), ...taggedGuard(type)];
    return async (change) => {
      for (const guard of all) {
        const faults = await guard(change);
        if (faults) return faults;
      }
      return undefined;
    };
  };
}

const idForm = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Nobody becomes a superuser, or acts on one, but by a superuser; one who can sign in always stays. No name passes for an id. */
async function guardUser({ principal, rows, before, after }: GuardedChange): Promise<FieldFaults | undefined> {
  const [was, becomes] = [before as User | undefined, after as User | undefined];
  if ((was?.is_superuser || becomes?.is_superuser) && !principal.isSuperuser)
    return { is_superuser: ['Only a superuser may make, change or delete a superuser.'] };
  if (becomes && becomes.username !== was?.username && idForm.test(becomes.username))
    return { username: ['A username may not look like an id.'] };
  if (!was?.is_superuser || !was.is_active || (becomes?.is_superuser && becomes.is_active)) return undefined;
  const filters = [
    { field: 'is_superuser', values: [true] },
    { field: 'is_active', values: [true] },
  ];
  const { count } = await rows.list(userType, { scope: { kind: 'all' }, filters, limit: 1, offset: 0 });
  return count > 1 ? undefined : { is_superuser: ['The last active superuser stays.'] };
}

/** A token is its owner's: only a superuser makes one for another, and its key is for life. */
function guardToken({ principal, before, after }: GuardedChange): FieldFaults | undefined {
  const [was, becomes] = [before as Token | undefined, after as Token | undefined];
  if (!becomes) return undefined;
  if (becomes.user === undefined) return { user: ['This field is required.'] };
  if (!principal.isSuperuser && becomes.user !== (was?.user ?? principal.id))
    return { user: ['Only a superuser may make a token for another user.'] };
  if (was && was.user !== becomes.user) return { user: ['This field may not be changed.'] };
  if (was && was.key_hash !== becomes.key_hash) return { key: ['This field may not be changed.'] };
  const faults: Record<string, readonly string[]> = {};
  for (const [index, network] of becomes.allowed_addresses.entries())
    if (!isNetwork(network)) faults[index] = [notANetwork];
  return Object.keys(faults).length > 0 ? { allowed_addresses: faults as ItemFaults } : undefined;
}

const typeForm = /^[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*$/;

/** Types must be known, and constraints must mean something for every one of them. */
export function guardPermission({ rows, after }: GuardedChange): FieldFaults | undefined {
  if (!after) return undefined;
  const { object_types, constraints } = after as unknown as ObjectPermission;
  const types = object_types.map((name) => rows.types.targets.get(name) ?? name);
  const unknown = types.filter((type) => typeof type === 'string');
  if (unknown.length > 0) {
    const messages = unknown.map((name) =>
      typeForm.test(name)
        ? `Invalid content type: ${name}`
        : "Invalid value. Specify a content type as '<app_label>.<model_name>'.",
    );
    return { object_types: messages };
  }
  if (constraints === null) return undefined;
  if (types.length === 0) return { constraints: ['Name the object types that the constraints are about.'] };
  const messages = types.flatMap((type) => {
    if (typeof type === 'string') return [];
    const parsed = parseConstraints(constraints, type, (name) => rows.types.targets.get(name));
    if (!('faults' in parsed)) return [];
    const about = types.length > 1 ? `${type.name}: ` : '';
    return parsed.faults.map(({ path, message }) => `${about}${path === '' ? '' : `${path}: `}${message}`);
  });
  return messages.length > 0 ? { constraints: [...new Set(messages)] } : undefined;
}
