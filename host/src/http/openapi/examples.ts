/** A body that makes a row of each of these types, in an order in which each finds those that it refers to. */
export const examples: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  'extras.customfield': { label: 'Zone', type: 'select', content_types: ['extras.secretsgroup'] },
  'extras.customfieldchoice': { custom_field: { key: 'zone' }, value: 'dmz' },
  'extras.tag': { name: 'Core', content_types: ['extras.secret'], color: '2196f3' },
  'extras.secret': {
    name: 'SSH password of the core',
    provider: 'environment-variable',
    parameters: { variable: "SSH_{{ obj.name | replace('-', '_') | upper }}" },
    tags: [{ name: 'Core' }],
  },
  'extras.secretsgroup': {
    name: 'Core routers',
    description: 'How the core is signed in to',
    custom_fields: { zone: 'dmz' },
    secrets_group_associations: [
      { access_type: 'SSH', secret_type: 'password', secret: { name: 'SSH password of the core' } },
    ],
  },
  'extras.secretsgroupassociation': {
    secrets_group: { name: 'Core routers' },
    access_type: 'Console',
    secret_type: 'password',
    secret: { name: 'SSH password of the core' },
  },
  'inventory.object': {
    object_type: 'dcim.device',
    name: 'csr1',
    attributes: { site: { slug: 'iad' } },
    secrets_group: { name: 'Core routers' },
  },
  'auth.group': { name: 'Network team' },
  'users.user': { username: 'jane', first_name: 'Jane', groups: [{ name: 'Network team' }] },
  'users.token': { description: 'Of the nightly job', write_enabled: false },
  'users.objectpermission': {
    name: 'Read the core',
    object_types: ['extras.secret'],
    actions: ['view', 'check'],
    constraints: { tags__name: 'Core' },
    groups: [{ name: 'Network team' }],
  },
};
