import { groupType, permissionType, settingType, tokenType, userType } from './access';
import { noteType, tagType } from './annotations';
import { accessEntryType } from './audit';
import { objectChangeType } from './changes';
import type { TypeDescriptor } from './descriptor';
import { objectType } from './inventory';
import { associationType, secretsGroupType, secretType } from './secrets';

/** Every type of the definitions' database, referenced ones before those that refer to them. */
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

/** The types that a permission can be about, by name: every one but the host's own settings, and the access records. */
export const permissionTargets: ReadonlyMap<string, TypeDescriptor> = new Map(
  [...definitionTypes.filter((type) => type !== settingType), accessEntryType].map((type) => [type.name, type]),
);
