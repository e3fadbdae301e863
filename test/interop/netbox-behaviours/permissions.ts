import { numbers, on, refused, secret, type Behaviours } from './behaviour';

const { admin, read, login, snmp, r1 } = numbers;
const forbidden = { detail: 'You do not have permission to perform this action.' };
const notFound = { detail: 'Not found.' };

/** What somebody may do who keeps the secrets of one role, and may not see the roles. */
export const permissions: Behaviours = (version) => [
  {
    it: 'shows the secrets of the own role alone',
    path: 'secrets/?id__lte=3',
    as: 'keeper',
    status: 200,
    holds: { count: 1, results: [{ name: 'read' }] },
  },
  {
    it: 'finds by a role that is not seen',
    path: 'secrets/?role=snmp&id__lte=3',
    as: 'keeper',
    status: 200,
    holds: { count: 1 },
  },
  { it: 'finds nothing of another role', path: 'secrets/?role=login', as: 'keeper', status: 200, holds: { count: 0 } },
  refused('shows no other secret', { path: `secrets/${admin}/`, as: 'keeper', is: notFound }, 404),
  refused('shows no roles', { path: 'secret-roles/', as: 'keeper', is: forbidden }, 403),
  {
    it: 'makes secrets of a role that is not seen',
    method: 'POST',
    path: 'secrets/',
    as: 'keeper',
    key: true,
    body: secret(version, `kept ${version}`, { role: snmp }),
    status: 201,
    holds: { role: { slug: 'snmp' } },
  },
  refused(
    'makes none of another role',
    { method: 'POST', path: 'secrets/', as: 'keeper', key: true, body: secret(version, 'other'), is: forbidden },
    403,
  ),
  refused(
    'makes no list with one of another role',
    {
      method: 'POST',
      path: 'secrets/',
      as: 'keeper',
      key: true,
      body: [secret(version, 'one of two', { role: snmp }), secret(version, 'two of two')],
      is: forbidden,
      after: { path: 'secrets/?name=one+of+two', holds: { count: 0 } },
    },
    403,
  ),
  refused('tells of what is there already, seen or not', {
    method: 'POST',
    path: 'secrets/',
    as: 'keeper',
    key: true,
    body: secret(version, 'admin', on(version, r1)),
    holds: { __all__: [expect.stringMatching(/^Secret with this .* already exists\.$/)] },
  }),
  refused(
    'moves nothing out of the own role',
    {
      method: 'PATCH',
      path: `secrets/${read}/`,
      as: 'keeper',
      body: { role: login },
      is: forbidden,
      after: { path: `secrets/${read}/`, holds: { role: { slug: 'snmp' } } },
    },
    403,
  ),
  refused(
    'changes no other secret',
    { method: 'PATCH', path: `secrets/${admin}/`, as: 'keeper', body: { name: 'x' }, is: notFound },
    404,
  ),
  {
    it: 'passes over other secrets in lists',
    method: 'PATCH',
    path: 'secrets/',
    as: 'keeper',
    body: [
      { id: admin, name: 'x' },
      { id: read, name: 'read' },
    ],
    status: 200,
    holds: [{ id: read }],
    after: { path: `secrets/${admin}/`, holds: { name: 'admin' } },
  },
  {
    it: 'deletes no other secret in lists',
    method: 'DELETE',
    path: 'secrets/',
    as: 'keeper',
    body: [{ id: admin }],
    status: 204,
    after: { path: `secrets/${admin}/`, holds: { name: 'admin' } },
  },
  refused(
    'lets who may view change nothing',
    { method: 'PATCH', path: `secrets/${read}/`, as: 'viewer', body: { name: 'x' }, is: forbidden },
    403,
  ),
  refused(
    'lets them delete nothing',
    { method: 'DELETE', path: 'secrets/', as: 'viewer', body: [{ id: read }], is: forbidden },
    403,
  ),
];
