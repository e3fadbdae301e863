import { describeType, standardFields, type Field, type RowOf } from './descriptor';

const slug = {
  kind: 'text',
  max: 255,
  unique: true,
  pattern: {
    expression: /^[-a-zA-Z0-9_]+$/,
    message: 'Enter a valid “slug” consisting of letters, numbers, underscores or hyphens.',
  },
} as const satisfies Field;
const name = { kind: 'text', max: 255, required: true, unique: true, searchable: true } as const satisfies Field;
const description = { kind: 'text', max: 255, default: '' } as const satisfies Field;
const association = 'extras.secretsgroupassociation';

/** A secret: which provider has the value, and the parameter templates that say where. Never the value. */
export const secretType = describeType({
  name: 'extras.secret',
  label: 'secret',
  table: 'secrets',
  noted: true,
  customizable: true,
  fields: {
    ...standardFields,
    name,
    slug,
    description,
    provider: { kind: 'text', max: 255, required: true },
    parameters: { kind: 'json', required: true },
    tags: { kind: 'references', target: 'extras.tag', default: [] },
  },
  relations: {
    secrets_groups: {
      target: 'extras.secretsgroup',
      many: true,
      via: { type: association, from: 'secret', to: 'secrets_group' },
    },
    secrets_group_associations: {
      target: association,
      many: true,
      via: { type: association, from: 'secret', to: 'id' },
    },
  },
  unique: [],
  order: ['name'],
  display: 'name',
});

/** A secrets group: a set of slots. */
export const secretsGroupType = describeType({
  name: 'extras.secretsgroup',
  label: 'secrets group',
  table: 'secrets_groups',
  noted: true,
  customizable: true,
  fields: { ...standardFields, name, slug, description },
  relations: {
    secrets: { target: 'extras.secret', many: true, via: { type: association, from: 'secrets_group', to: 'secret' } },
    secrets_group_associations: {
      target: association,
      many: true,
      via: { type: association, from: 'secrets_group', to: 'id' },
    },
  },
  parts: ['secrets_group_associations'],
  unique: [],
  repeated: ['secrets'],
  order: ['name'],
  display: 'name',
});

/** One filled slot of a group: (access type, secret type) -> secret. A secret in a slot cannot be deleted. */
export const associationType = describeType({
  name: association,
  label: 'secrets group association',
  table: 'secrets_groups_associations',
  fields: {
    id: standardFields.id,
    secrets_group: { kind: 'reference', target: 'extras.secretsgroup', required: true, onDelete: 'cascade' },
    access_type: { kind: 'choice', choices: 'accessTypes', max: 32, required: true },
    secret_type: { kind: 'choice', choices: 'secretTypes', max: 32, required: true },
    secret: { kind: 'reference', target: 'extras.secret', required: true, onDelete: 'restrict' },
  },
  unique: [['secrets_group', 'access_type', 'secret_type']],
  order: ['secrets_group', 'access_type', 'secret_type'],
  searchThrough: ['secrets_group', 'secret'],
  display: 'access_type',
});

export type Secret = RowOf<typeof secretType>;
export type SecretsGroup = RowOf<typeof secretsGroupType>;
export type Association = RowOf<typeof associationType>;

/** A slot's address in a group. */
export interface Slot {
  readonly accessType: string;
  readonly secretType: string;
}

/** Nautobot's access types; an installation may add to them. */
export const accessTypes = [
  'Generic',
  'Console',
  'gNMI',
  'HTTP(S)',
  'NETCONF',
  'REST',
  'RESTCONF',
  'SNMP',
  'SSH',
] as const;

/** Nautobot's secret types with their labels; an installation may add to them. */
export const secretTypes = {
  'authentication-key': 'Authentication Key',
  'authentication-protocol': 'Authentication Protocol',
  key: 'Key',
  notes: 'Notes',
  password: 'Password',
  'private-algorithm': 'Private Algorithm',
  'private-key': 'Private Key',
  secret: 'Secret',
  token: 'Token',
  url: 'URL',
  username: 'Username',
} as const;

/** The choices of an installation, by list: value -> label. */
export type Choices = Readonly<Record<'accessTypes' | 'secretTypes', Readonly<Record<string, string>>>>;
