import { groupType, permissionType, settingType, tokenType, userType } from './access';
import { noteType, tagType } from './annotations';
import { accessEntryType } from './audit';
import { objectChangeType } from './changes';
import type { TypeDescriptor } from './descriptor';
import { objectType } from './inventory';
import type { Types } from './installation';
import { associationType, secretsGroupType, secretType } from './secrets';

export type { Types } from './installation';

/** Every type of the host's own definitions, referenced ones before those that refer to them. */
export const definitionTypes: readonly TypeDescriptor[] = [
  groupType,
  userType,
  tokenType,
  permissionType,
  tagType,
  secretType,
  secretsGroupType,
  associationType,
  objectType,
  settingType,
  objectChangeType,
  noteType,
];

/** The types of a host with what its plugins contribute; a name or a table that is taken is refused. */
export function createTypes(contributed: readonly TypeDescriptor[] = []): Types {
  const definitions = [...definitionTypes, ...contributed];
  const all = new Map([...definitions, accessEntryType].map((type: TypeDescriptor) => [type.name, type] as const));
  const tables = new Set([...all.values()].map(({ table }) => table));
  if (all.size !== definitions.length + 1 || tables.size !== all.size)
    throw new TypeError('Two types have one name, or one table.');
  return Object.freeze({
    definitions,
    targets: new Map([...all].filter(([, type]) => !type.internal)),
    get: (name: string) => all.get(name),
  });
}

/** The types of a host without plugins that bring any. */
export const hostTypes: Types = createTypes();
