import { settingType, tokenType, userType } from './access';
import type { TypeDescriptor } from './descriptor';
import { objectType } from './inventory';
import { associationType, secretsGroupType, secretType } from './secrets';

/** Every type of the definitions' database, referenced ones before those that refer to them. */
export const definitionTypes: readonly TypeDescriptor[] = [
  userType,
  tokenType,
  secretType,
  secretsGroupType,
  associationType,
  objectType,
  settingType,
];
