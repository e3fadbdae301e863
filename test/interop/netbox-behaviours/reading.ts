import { hash, numbers, refused, type Behaviours } from './behaviour';

const wrongKey = ['Invalid session key.'];
const forbidden = { detail: 'You do not have permission to perform this action.' };
const one = `secrets/${numbers.admin}/`;

/** How secrets and roles are shown, to whom, and in which form. */
export const reading: Behaviours = (version) => [
  {
    it: 'shows a secret with its value to who has the session key',
    path: one,
    key: true,
    status: 200,
    holds: {
      id: numbers.admin,
      url: expect.stringMatching(/\/api\/secrets\/secrets\/1\/$/),
      role: { id: numbers.login, name: 'Login', slug: 'login' },
      name: 'admin',
      plaintext: 'of admin',
      hash,
      tags: [{ name: 'Prod', slug: 'prod' }],
      custom_fields: { owner_team: 'Net', tier: null },
      ...(version === '2.9' ? { device: { name: 'r1', display_name: 'r1' } } : { assigned_object: { display: 'r1' } }),
    },
  },
  {
    it: 'is that of the plugin on its mount',
    path: `/api/plugins/secrets/${one}`,
    key: true,
    status: 200,
    holds: {
      url: expect.stringMatching(/\/api\/plugins\/secrets\/secrets\/1\/$/),
      display: 'admin',
      assigned_object_type: 'dcim.device',
      assigned_object_id: numbers.r1,
      assigned_object: { name: 'r1' },
      plaintext: 'of admin',
    },
  },
  {
    it: 'finds by the assigned object on the mount of the plugin',
    path: '/api/plugins/secrets/secrets/?assigned_object_type=dcim.device&assigned_object_id=1&id__lte=3',
    key: true,
    status: 200,
    holds: { count: 2 },
  },
  {
    it: 'finds nothing on objects of another type',
    path: '/api/plugins/secrets/secrets/?assigned_object_type=virtualization.virtualmachine&assigned_object_id=1',
    key: true,
    status: 200,
    holds: { count: 0 },
  },
  { it: 'shows no value without a session key', path: one, status: 200, holds: { plaintext: null } },
  { it: 'shows nothing with a wrong one', path: one, key: 'AAAA', status: 400, is: wrongKey },
  { it: 'takes an empty one for a wrong one', path: 'secrets/', key: '', status: 400, is: wrongKey },
  { it: 'judges the key before it looks for the row', path: 'secrets/999/', key: 'AAAA', status: 400, is: wrongKey },
  refused('judges it on OPTIONS, too', { method: 'OPTIONS', path: 'secrets/', key: 'AAAA', is: wrongKey }),
  refused('knows no row that is not there', { path: 'secrets/999/', is: { detail: 'Not found.' } }, 404),
  refused('knows no row by a word', { path: 'secrets/admin/', is: { detail: 'Not found.' } }, 404),
  {
    it: 'shows the value of choices',
    path: `secrets/${numbers.read}/`,
    status: 200,
    holds: { custom_fields: { tier: version === '2.9' ? { value: numbers.gold, label: 'gold' } : 'gold' } },
  },
  {
    it: 'shows little where brief is asked for',
    path: 'secrets/?brief=1&name=admin',
    key: true,
    status: 200,
    holds: {
      results: [
        {
          id: numbers.admin,
          url: expect.any(String),
          name: 'admin',
          ...(version === '2.11' && { display: 'admin' }),
        },
      ],
    },
  },
  {
    it: 'has the order of its version',
    path: 'secrets/?id=1&id=2&id=3',
    status: 200,
    holds: {
      results: (version === '2.9' ? ['admin', 'read', ''] : ['', 'admin', 'read']).map((name) => ({ name })),
    },
  },
  {
    it: 'keeps parameters in the links of pages, names in order',
    path: 'secrets/?role=login&limit=1&offset=1&id__lte=3',
    status: 200,
    holds: { count: 2, next: null, previous: expect.stringMatching(/secrets\/\?id__lte=3&limit=1&role=login$/) },
  },
  {
    it: 'passes over limits that are no numbers',
    path: 'secrets/?limit=abc&offset=-1&name=admin',
    status: 200,
    holds: { count: 1, next: null, previous: null },
  },
  {
    it: 'counts the secrets of a role',
    path: 'secret-roles/?slug=snmp',
    status: 200,
    holds: { results: [{ id: numbers.snmp, name: 'SNMP', secret_count: expect.any(Number) }] },
  },
  refused('shows nothing to who may not view', { path: 'secrets/', as: 'nobody', is: forbidden }, 403),
  refused(
    'tells of the permission before the key',
    { path: 'secrets/', as: 'nobody', key: 'AAAA', is: forbidden },
    403,
  ),
  refused(
    'speaks no other version',
    {
      path: 'secrets/',
      headers: { Accept: 'application/json; version=2.5' },
      is: { detail: 'Invalid version in "Accept" header.' },
    },
    406,
  ),
  {
    it: 'answers in its version',
    path: 'secrets/?limit=1',
    status: 200,
    headed: { 'api-version': version },
  },
  {
    it: 'spreads JSON over lines',
    path: 'secret-roles/2/?brief=1',
    headers: { Accept: `application/json; indent=4; version=${version}` },
    status: 200,
    holds: { slug: 'snmp' },
    headed: { 'content-type': 'application/json' },
  },
  {
    it: 'tells who may not add which fields there are in no action',
    method: 'OPTIONS',
    path: 'secrets/',
    as: 'viewer',
    status: 200,
    is: {
      name: 'Secret',
      description: '',
      renders: expect.anything(),
      parses: expect.anything(),
    },
    headed: {
      allow: version === '2.9' ? 'GET, POST, HEAD, OPTIONS' : 'GET, POST, PUT, PATCH, DELETE, HEAD, OPTIONS',
    },
  },
];
