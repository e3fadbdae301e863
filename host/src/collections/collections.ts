import { groupType, permissionType, tokenType, userType } from '../domain/access';
import { accessEntryType } from '../domain/audit';
import { objectType } from '../domain/inventory';
import { associationType, secretsGroupType, secretType } from '../domain/secrets';
import { notes, tags } from './annotations';
import { customFieldChoices, customFields } from './custom-fields';
import { defineCollection, type Collection, type OpenCollection, type Sources } from './collection';
import { objectChanges } from './object-changes';
import { objectViews } from './object-views';
import { tokenCreation } from './token-creation';

const times = ['created', 'last_updated'] as const;

/** Everything that REST offers as a list of rows. */
export const collections = {
  secrets: defineCollection({
    type: secretType,
    address: 'extras/secrets',
    title: 'Secrets',
    fields: ['name', 'slug', 'description', 'provider', 'parameters', 'tags', ...times],
    filters: ['id', 'name', 'slug', 'provider', 'tags', 'secrets_groups', ...times],
    keys: ['name', 'slug'],
    naturalKey: ['name'],
  }),
  secretsGroups: defineCollection({
    type: secretsGroupType,
    address: 'extras/secrets-groups',
    title: 'Secrets Groups',
    fields: ['name', 'slug', 'description', ...times],
    filters: ['id', 'name', 'slug', 'secrets', ...times],
    onRequest: { secrets: 'secrets_group_associations' },
    keys: ['name', 'slug'],
    naturalKey: ['name'],
  }),
  associations: defineCollection({
    type: associationType,
    address: 'extras/secrets-groups-associations',
    title: 'Secrets Group Associations',
    fields: ['access_type', 'secret_type', 'secrets_group', 'secret'],
    filters: ['id', 'secrets_group', 'secret', 'access_type', 'secret_type'],
    keys: [],
    naturalKey: ['secrets_group', 'access_type', 'secret_type', 'secret'],
    display: ([group, accessType, kind, secret]) => `${group}: ${accessType} ${kind}: ${secret}`,
  }),
  objects: defineCollection({
    type: objectType,
    address: 'inventory/objects',
    title: 'Objects',
    fields: ['number', 'object_type', 'name', 'slug', 'attributes', 'secrets_group', ...times],
    filters: ['id', 'number', 'object_type', 'name', 'slug', 'secrets_group', ...times],
    keys: ['number'],
    naturalKey: ['object_type', 'name'],
  }),
  users: defineCollection({
    type: userType,
    address: 'users/users',
    title: 'Users',
    fields: [
      'last_login',
      'is_superuser',
      'username',
      'first_name',
      'last_name',
      'email',
      'is_staff',
      'is_active',
      'date_joined',
      'groups',
    ],
    filters: ['id', 'username', 'first_name', 'last_name', 'email', 'is_superuser', 'is_staff', 'is_active', 'groups'],
    keys: ['username'],
    naturalKey: ['username'],
  }),
  userGroups: defineCollection({
    type: groupType,
    address: 'users/groups',
    title: 'Groups',
    fields: ['name'],
    filters: ['id', 'name'],
    keys: ['name'],
    naturalKey: ['name'],
  }),
  tokens: defineCollection({
    type: tokenType,
    address: 'users/tokens',
    title: 'Tokens',
    fields: [
      'user',
      'expires',
      'write_enabled',
      'description',
      'allowed_addresses',
      'last_used',
      'created',
      'last_updated',
    ],
    filters: ['id', 'user', 'write_enabled'],
    keys: [],
    naturalKey: ['id'],
    displayFrom: ['id', 'user'],
    // The first letters of the id, since a given key must not be shown in any part; a generated one begins with them.
    display: ([id = '', user]) => `${id.slice(0, 8)} (${user})`,
    owner: 'user',
    creation: tokenCreation,
  }),
  permissions: defineCollection({
    type: permissionType,
    address: 'users/permissions',
    title: 'Permissions',
    fields: [
      'object_types',
      'actions',
      'name',
      'description',
      'enabled',
      'constraints',
      'users',
      'groups',
      'created',
      'last_updated',
    ],
    filters: ['id', 'name', 'enabled', 'object_types', 'actions', 'users', 'groups'],
    keys: ['name'],
    naturalKey: ['name'],
  }),
  tags,
  notes,
  objectChanges,
  customFields,
  customFieldChoices,
  accessEntries: defineCollection({
    type: accessEntryType,
    address: 'audit/entries',
    title: 'Access Records',
    fields: Object.keys(accessEntryType.fields).filter((name) => name !== 'id'),
    filters: Object.keys(accessEntryType.fields),
    keys: ['number'],
    naturalKey: [],
    verbs: [],
  }),
  ...objectViews,
} as const satisfies Record<string, Collection>;

/** Every collection, those of plugins last, with its source: access records have their own, all else is definitions. */
export function collectionsOf(
  { definitions, kept = definitions, pages = definitions, accessEntries, choices }: Sources,
  contributed: readonly Collection[] = [],
): readonly OpenCollection[] {
  return [...Object.values<Collection>(collections), ...contributed].map((collection) => ({
    ...collection,
    rows: collection.type === accessEntryType ? accessEntries : pages,
    definitions,
    kept,
    choices,
  }));
}
