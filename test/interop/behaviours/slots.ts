import { ids, nowhere, type Behaviour } from './behaviour';

const path = 'secrets-groups-associations/';
const slot = (more: object) => ({
  secrets_group: 'buoys',
  secret: 'lamp',
  access_type: 'REST',
  secret_type: 'token',
  ...more,
});
const refused = (it: string, more: object, is: object): Behaviour => ({
  it,
  method: 'POST',
  path,
  body: slot(more),
  status: 400,
  is,
});
const taken = { non_field_errors: ['The fields secrets_group, access_type, secret_type must make a unique set.'] };
const choice = (word: string) => [`"${word}" is not a valid choice.`];
const notFound = (attributes: string) => [`Related object not found using the provided attributes: {${attributes}}`];
const unrecognized = (given: unknown) => [
  `Related objects must be referenced by ID or by dictionary of attributes. Received an unrecognized value: ${given}`,
];
const required = ['This field is required.'];
const url = `/api/extras/secrets-groups/${ids.buoys}/`;

const ways: readonly (readonly [string, unknown, unknown, string])[] = [
  ['ids', ids.buoys, ids.lamp, 'username'],
  ['objects with an id', { id: ids.buoys }, { id: ids.lamp }, 'password'],
  ['objects with a name', { name: 'buoys' }, { name: 'lamp' }, 'token'],
  ['names', 'buoys', 'lamp', 'secret'],
];

/** How the slots of groups are filled, and how they name what they belong to. */
export const slots: readonly Behaviour[] = [
  ...ways.map(([way, group, secret, type]): Behaviour => ({
    it: `names group and secret by ${way}`,
    method: 'POST',
    path,
    body: slot({ secrets_group: group, secret, access_type: 'HTTP(S)', secret_type: type }),
    status: 201,
    holds: { display: `buoys: HTTP(S) ${type}: lamp`, secrets_group: { id: ids.buoys }, secret: { id: ids.lamp } },
  })),
  refused('names nothing by its address', { secrets_group: { url } }, { secrets_group: unrecognized(url) }),
  refused('names nothing by a number', { secrets_group: 5 }, { secrets_group: unrecognized(5) }),
  refused(
    'tells the ids and the names that mean nothing',
    { secrets_group: nowhere, secret: 'no such secret' },
    { secrets_group: notFound(`'pk': UUID('${nowhere}')`), secret: notFound("'name': 'no such secret'") },
  ),
  refused(
    'tells the attributes that mean nothing',
    { secrets_group: { name: 'no such group' } },
    { secrets_group: notFound("'name': 'no such group'") },
  ),
  refused(
    'wants a group and a secret',
    { secrets_group: null, secret: null },
    { secrets_group: ['This field may not be null.'], secret: ['This field may not be null.'] },
  ),
  {
    it: 'tells all that is missing',
    method: 'POST',
    path,
    body: {},
    status: 400,
    is: { access_type: required, secret_type: required, secrets_group: required, secret: required },
  },
  refused('knows no access type of its own', { access_type: 'Telnet' }, { access_type: choice('Telnet') }),
  refused('tells cases apart in choices', { access_type: 'ssh' }, { access_type: choice('ssh') }),
  refused('takes no label for a choice', { secret_type: 'Private Key' }, { secret_type: choice('Private Key') }),
  refused(
    'takes neither nothing nor null for a choice',
    { access_type: '', secret_type: null },
    { access_type: choice(''), secret_type: ['This field may not be null.'] },
  ),
  ...['spare', 'lamp'].map((secret) =>
    refused(
      `is filled once, also by ${secret}`,
      { secrets_group: 'light houses', secret, access_type: 'SSH', secret_type: 'password' },
      taken,
    ),
  ),
  ...['authentication-key', 'authentication-protocol', 'key', 'notes', 'private-algorithm', 'private-key', 'url'].map(
    (type): Behaviour => ({
      it: `may be for ${type}`,
      method: 'POST',
      path,
      body: slot({ access_type: 'gNMI', secret_type: type }),
      status: 201,
      holds: { access_type: 'gNMI', secret_type: type, display: `buoys: gNMI ${type}: lamp` },
    }),
  ),
  {
    it: 'tells of a list the row that is taken',
    method: 'POST',
    path,
    body: [slot({}), slot({ secrets_group: 'light houses', access_type: 'SSH', secret_type: 'password' })],
    status: 400,
    is: [{}, taken],
    after: { path: `${path}?access_type=REST`, holds: { count: 0 } },
  },
  {
    it: 'is pointed at another secret',
    method: 'PATCH',
    path: `${path}${ids.slot}/`,
    body: { secret: 'spare' },
    status: 200,
    holds: { display: 'light houses: SSH password: spare', secret: { id: ids.spare } },
  },
  {
    it: 'is put back whole',
    method: 'PUT',
    path: `${path}${ids.slot}/`,
    body: slot({ secrets_group: ids.lighthouses, access_type: 'SSH', secret_type: 'password' }),
    status: 200,
    holds: { display: 'light houses: SSH password: lamp' },
  },
  {
    it: 'wants by PUT all that it is',
    method: 'PUT',
    path: `${path}${ids.slot}/`,
    body: { secret: 'lamp' },
    status: 400,
    is: { access_type: required, secret_type: required, secrets_group: required },
  },
  {
    it: 'is shown by its group on request alone',
    path: 'secrets-groups/light%20houses/?exclude_m2m=false',
    status: 200,
    holds: { secrets: [{ id: ids.slot, object_type: 'extras.secretsgroupassociation' }] },
  },
  { it: 'is found by free text of group and secret', path: `${path}?q=LIGHT`, status: 200, holds: { count: 1 } },
];
