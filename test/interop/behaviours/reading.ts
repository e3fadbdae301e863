import { ids, nowhere, type Behaviour } from './behaviour';

const lamp = 'secrets/lamp/';
const supported = 'Supported versions are: 2.0, 2.1, 2.2, 2.3, 2.4, 3.0, 3.1, 3.2';
const noSecret = { detail: 'No Secret matches the given query.' };
const version = (it: string, query: string, Accept: string, answer: string): Behaviour => ({
  it,
  path: `${lamp}${query}`,
  headers: { Accept },
  status: 200,
  headed: { 'api-version': answer },
});
const refused = (it: string, query: string, Accept: string, status: number, detail: string): Behaviour => ({
  it,
  path: `${lamp}${query}`,
  headers: { Accept },
  status,
  is: { detail },
});
const unknownFilter = (path: string, name: string): Behaviour => ({
  it: `knows no filter ${name}`,
  path: `${path}?${name}=x`,
  status: 400,
  is: { [name]: ['Unknown filter field'] },
});
const json = 'application/json';

/** How rows are read: addresses, versions, types, filters that there are not, checks. */
export const reading: readonly Behaviour[] = [
  {
    it: 'finds a row by its name',
    path: 'secrets-groups/light%20houses/',
    status: 200,
    holds: { id: ids.lighthouses },
  },
  {
    it: 'shows computed fields only when they are asked for',
    path: `${lamp}?include=computed_fields`,
    status: 200,
    holds: { computed_fields: {} },
  },
  { it: 'has no row of another name', path: 'secrets/no%20lamp/', status: 404, is: noSecret },
  { it: 'answers HEAD of a list', method: 'HEAD', path: 'secrets/', status: 200 },
  { it: 'answers HEAD of a row', method: 'HEAD', path: lamp, status: 200 },
  { it: 'answers HEAD of a check', method: 'HEAD', path: `${lamp}check/`, status: 200 },
  {
    it: 'sends a list without its last slash on',
    path: 'secrets',
    status: 301,
    headed: { location: '/api/extras/secrets/' },
  },
  {
    it: 'tells the methods of a list',
    method: 'OPTIONS',
    path: 'secrets/',
    status: 200,
    headed: { allow: 'GET, POST, PUT, PATCH, DELETE, HEAD, OPTIONS' },
  },
  {
    it: 'tells the methods of a check that is asked by another',
    method: 'PUT',
    path: `${lamp}check/`,
    body: {},
    status: 405,
    headed: { allow: 'GET, POST, HEAD, OPTIONS' },
  },
  {
    it: 'maps the area',
    path: '',
    status: 200,
    holds: { 'secrets-groups-associations': expect.stringContaining('/api/extras/') },
  },
  version('answers in the newest version', '', json, '3.2'),
  version('answers in the version of the header', '', `${json}; version=2.4`, '2.4'),
  version('answers in the version of the address', '?api_version=3.0', json, '3.0'),
  refused(
    'refuses other versions in the header',
    '',
    `${json}; version=0.1`,
    406,
    `Invalid version "0.1" in "Accept" header. ${supported}`,
  ),
  refused(
    'refuses other versions in the address',
    '?api_version=0.1',
    json,
    404,
    `Invalid version "0.1" in query parameter. ${supported}`,
  ),
  refused(
    'refuses two versions at once',
    '?api_version=3.0',
    `${json}; version=3.1`,
    400,
    'Version mismatch between "Accept" header and query parameter.',
  ),
  refused('speaks no XML', '', 'application/xml', 406, 'Could not satisfy the request Accept header.'),
  refused(
    'gives CSV to nobody who asks for JSON',
    '?format=csv',
    json,
    406,
    'Could not satisfy the request Accept header.',
  ),
  refused('knows no other formats', '?format=yaml', json, 404, 'Not found.'),
  unknownFilter('secrets/', 'has_tags'),
  unknownFilter('secrets/', 'has_secrets_groups'),
  unknownFilter('secrets/', 'tags__ic'),
  unknownFilter('secrets/', 'parameters__variable'),
  unknownFilter('secrets/', 'cf_nothing'),
  unknownFilter('secrets/', 'brief'),
  unknownFilter('secrets/', 'fields'),
  unknownFilter('secrets/', 'ordering'),
  unknownFilter(lamp, 'colour'),
  {
    it: 'knows providers that are not there by no secret',
    path: 'secrets/?provider=parrot',
    status: 200,
    holds: { count: 0 },
  },
  {
    it: 'knows no tags that are not there',
    path: 'secrets/?tags=black',
    status: 400,
    is: { tags: ['Select a valid choice. black is not one of the available choices.'] },
  },
  {
    it: 'sorts by code point, capitals first',
    path: 'secrets/?name__ie=HORN&sort=name',
    status: 200,
    holds: { results: [{ name: 'Horn' }, { name: 'horn' }] },
  },
  { it: 'looks for free text in names alone', path: 'secrets/?q=tower', status: 200, holds: { count: 0 } },
  { it: 'cuts no spaces of free text', path: 'secrets/?q=+lamp', status: 200, holds: { count: 0 } },
  {
    it: 'keeps filters in the links of pages, names in order',
    path: 'secrets/?sort=-name&limit=1&provider=environment-variable',
    status: 200,
    holds: {
      next: expect.stringMatching(/\?limit=1&offset=1&provider=environment-variable&sort=-name$/),
      previous: null,
    },
  },
  {
    it: 'has a page past the end',
    path: 'secrets/?limit=2&offset=900',
    status: 200,
    holds: { next: null, results: [] },
  },
  {
    it: 'checks a secret, and says no value',
    path: `${lamp}check/`,
    status: 200,
    is: { result: true, message: 'Passed' },
  },
  {
    it: 'tells why a check failed',
    path: 'secrets/horn/check/',
    status: 200,
    is: {
      result: false,
      message:
        'SecretValueNotFoundError: Secret "horn" (provider "EnvironmentVariableSecretsProvider"): Undefined environment variable "NO_HORN"!',
    },
  },
  { it: 'checks nothing that is not there', path: `secrets/${nowhere}/check/`, status: 404, is: noSecret },
  { it: 'has no GET of a check of a group', path: 'secrets-groups/buoys/check/', status: 405 },
  {
    it: 'tells whoever asks what may be written',
    method: 'OPTIONS',
    path: 'secrets-groups/buoys/',
    status: 200,
    holds: { name: 'Secrets Group', actions: { PUT: { name: { type: 'string', required: true, max_length: 255 } } } },
  },
];
