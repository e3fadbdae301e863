import { ids, nowhere, secret, type Behaviour } from './behaviour';

const post = (it: string, body: unknown, status: number, answer: Partial<Behaviour>): Behaviour => ({
  it,
  method: 'POST',
  path: 'secrets/',
  body,
  status,
  ...answer,
});
const refused = (it: string, body: unknown, is: object): Behaviour => post(it, body, 400, { is });
const raw = (it: string, text: string, type: string, status: number, is: object): Behaviour =>
  post(it, undefined, status, { raw: text, headers: { 'Content-Type': type }, is });
const required = { name: ['This field is required.'], provider: ['This field is required.'] };
const blank = { name: ['This field may not be blank.'] };
const notRead = (type: string) => ({ detail: `Unsupported media type "${type}" in request.` });
const file = (path: unknown) => secret('never', { provider: 'text-file', parameters: { path } });

/** How a secret is created, and how it is not. */
export const creating: readonly Behaviour[] = [
  refused('tells all fields that are missing', {}, required),
  raw('counts an empty body as an empty object', '', 'application/json', 400, required),
  refused('takes no name of nothing', secret(''), blank),
  refused('takes no name of spaces', secret('   '), blank),
  refused('takes no null for a name', secret(null), { name: ['This field may not be null.'] }),
  refused('takes no list for a name', secret(['x']), { name: ['Not a valid string.'] }),
  post('takes a number for a name, as text', secret(1851), 201, { holds: { name: '1851', display: '1851' } }),
  post('cuts the spaces around a name', secret('  trimmed  '), 201, { holds: { name: 'trimmed' } }),
  refused('takes names of up to 255 characters', secret('n'.repeat(256)), {
    name: ['Ensure this field has no more than 255 characters.'],
  }),
  refused('takes descriptions of up to 255 characters', secret('never', { description: 'd'.repeat(256) }), {
    description: ['Ensure this field has no more than 255 characters.'],
  }),
  refused('gives a name once', secret('lamp'), { name: ['secret with this name already exists.'] }),
  post('tells names apart that differ by case alone', secret('LAMP'), 201, { holds: { name: 'LAMP' } }),
  refused('names the provider that is not there', secret('never', { provider: 'parrot' }), {
    provider: ['No registered provider "parrot" is available'],
  }),
  refused('takes no provider of nothing', secret('never', { provider: '' }), {
    provider: ['This field may not be blank.'],
  }),
  ...[undefined, {}].map((parameters) =>
    refused(`wants parameters, and not ${JSON.stringify(parameters)}`, secret('never', { parameters }), {
      parameters: ['This field cannot be blank.'],
    }),
  ),
  refused('takes no null for parameters', secret('never', { parameters: null }), {
    parameters: ['This field may not be null.'],
  }),
  ...['rocks/a.txt', '{{ obj.path }}'].map((path) =>
    refused(`takes no path that may be relative: ${path}`, file(path), {
      __all__: ['Path must be an absolute path, not a relative one'],
    }),
  ),
  refused('takes no path that climbs', file('/rocks/../a.txt'), { __all__: ['Illegal character sequence in path'] }),
  post('takes tags by id and by name', secret('tagged', { tags: [{ name: 'red light' }] }), 201, {
    holds: { tags: [{ id: ids.red, object_type: 'extras.tag' }] },
  }),
  refused('names the tag that is not there', secret('never', { tags: [{ name: 'black light' }] }), {
    tags: ["Related object not found using the provided attributes: {'name': 'black light'}"],
  }),
  post('takes an id of the caller', secret('mine', { id: '5ec00000-0000-4000-8000-00000000abcd' }), 201, {
    holds: { id: '5ec00000-0000-4000-8000-00000000abcd', natural_slug: 'mine_5ec0' },
  }),
  post(
    'passes over fields that are only read',
    secret('read only', { display: 'x', url: 'http://x/', created: '2001-01-01T00:00:00Z', natural_slug: 'x' }),
    201,
    { holds: { display: 'read only' } },
  ),
  post('shows computed fields and relationships in the answer', secret('whole'), 201, {
    holds: { custom_fields: {}, computed_fields: {}, relationships: {} },
  }),
  post('tells where the new row is', secret('located', { id: '5ec00000-0000-4000-8000-00000000abce' }), 201, {
    headed: { location: '/api/extras/secrets/5ec00000-0000-4000-8000-00000000abce/' },
  }),
  raw('takes no text for a row', '"text"', 'application/json', 400, {
    non_field_errors: ['Invalid data. Expected a dictionary, but got str.'],
  }),
  raw('takes no null for a row', 'null', 'application/json', 400, { non_field_errors: ['No data provided'] }),
  raw('reads no plain text', 'name=x', 'text/plain', 415, notRead('text/plain')),
  raw(
    'reads no forms',
    'name=x',
    'application/x-www-form-urlencoded',
    415,
    notRead('application/x-www-form-urlencoded'),
  ),
  {
    it: 'has no POST on a row',
    method: 'POST',
    path: 'secrets/lamp/',
    body: {},
    status: 405,
    is: { detail: 'Method "POST" not allowed.' },
  },
  {
    it: 'passes over the secrets of a new group, which only slots give it',
    method: 'POST',
    path: 'secrets-groups/',
    body: { name: 'with secrets', secrets: [ids.lamp] },
    status: 201,
    after: { path: 'secrets-groups-associations/?secrets_group=with+secrets', holds: { count: 0 } },
  },
  {
    it: 'names the kind of a group whose name is taken',
    method: 'POST',
    path: 'secrets-groups/',
    body: { name: 'buoys' },
    status: 400,
    is: { name: ['secrets group with this name already exists.'] },
  },
  {
    it: 'wants the text of a note',
    method: 'POST',
    path: 'secrets/lamp/notes/',
    body: {},
    status: 400,
    is: { note: ['This field is required.'] },
  },
  {
    it: 'has no notes of a row that is not there',
    path: `secrets/${nowhere}/notes/`,
    status: 404,
    is: { detail: 'No Secret matches the given query.' },
  },
  { it: 'has no notes of a slot', path: `secrets-groups-associations/${ids.slot}/notes/`, status: 404 },
];
