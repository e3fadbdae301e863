import { groupType, permissionType, settingType, tokenType, userType } from './access';
import { noteType, tagType } from './annotations';
import { accessEntryType } from './audit';
import { objectChangeType } from './changes';
import { customFieldChoiceType, customFieldType } from './custom-fields';
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
  customFieldType,
  customFieldChoiceType,
];

/** The types of a host with what its plugins contribute. */
export function createTypes(contributed: readonly TypeDescriptor[] = []): Types {
  const definitions = [...definitionTypes, ...contributed];
  const all = new Map<string, TypeDescriptor>();
  const tables = new Set<string>();
  for (const type of [...definitions, accessEntryType] as readonly TypeDescriptor[]) {
    if (all.has(type.name)) throw new TypeError(`there is a type ${type.name} already.`);
    if (tables.has(type.table)) throw new TypeError(`there is a table ${type.table} already.`);
    all.set(type.name, type);
    tables.add(type.table);
  }
  return Object.freeze({
    definitions,
    targets: new Map([...all].filter(([, type]) => !type.internal)),
    get: (name: string) => all.get(name),
    with: (more: readonly TypeDescriptor[]) => createTypes([...contributed, ...more]),
  });
}

/** The types of a host without plugins that bring any. */
export const hostTypes: Types = createTypes();
