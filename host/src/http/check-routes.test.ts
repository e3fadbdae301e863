import { HttpHost, memoryServices, tokens } from '../../../test/support/http-host';
import type { Principal } from '../domain/access';
import { NotFound } from '../domain/failures';
import { secretsGroupType, secretType } from '../domain/secrets';
import type { ReadContext, Target } from '../resolution/target';

const id = 'abcdef00-0000-4000-8000-000000000000';
const admin = tokens['admin-token-of-the-tests'] as Principal;

interface Call {
  readonly verb: string;
  readonly target: Target;
  readonly context: ReadContext;
  readonly who: string;
}

const calls: Call[] = [];
let failure: Error | undefined;
let host: HttpHost;
let ids: { readonly secret: string; readonly group: string };

beforeEach(async () => {
  calls.splice(0);
  failure = undefined;
  const called =
    (verb: string) =>
    async (acting: () => Promise<Principal>, target: Target, context: ReadContext = {}) => {
      calls.push({ verb, target, context, who: (await acting()).name });
      if (failure) throw failure;
      return { result: false, message: 'why', allowed: false, parameters: undefined, provider: undefined, steps: [] };
    };
  const services = memoryServices({ resolution: { check: called('check'), explain: called('explain') } });
  host = await HttpHost.start(services);
  const secret = { name: 'my secret', provider: 'p', parameters: { a: 'b' } };
  ids = {
    secret: (await services.writes.create(admin, secretType, secret)).id,
    group: (await services.writes.create(admin, secretsGroupType, { name: 'my group' })).id,
  };
});
afterEach(() => host.stop());

const secrets = '/api/extras/secrets/';
const groups = '/api/extras/secrets-groups/';
const slot = { access_type: 'SSH', secret_type: 'password' };
const headers = { 'X-Request-Id': 'r1' };
const context = { requestId: 'r1' };

it.each([
  ['GET', `${secrets}${id}/check/`, undefined, 'check', { secret: id }, context],
  ['POST', `${secrets}${id}/check/`, undefined, 'check', { secret: id }, context],
  ['POST', `${secrets}${id}/check/`, { object: { id } }, 'check', { secret: id }, { ...context, object: { id } }],
  [
    'POST',
    `${secrets}${id}/explain/`,
    { object: { object_type: 'dcim.device', name: 'd' } },
    'explain',
    { secret: id },
    { ...context, object: { object_type: 'dcim.device', name: 'd' } },
  ],
  [
    'POST',
    `${groups}${id}/check/`,
    slot,
    'check',
    { group: id, slot: { accessType: 'SSH', secretType: 'password' } },
    context,
  ],
  [
    'POST',
    `${groups}${id}/explain/`,
    { ...slot, object: { id } },
    'explain',
    { group: id, slot: { accessType: 'SSH', secretType: 'password' } },
    { ...context, object: { id } },
  ],
])('%s %s %j asks the resolution', async (method, path, body, verb, target, about) => {
  const answer = await host.request(path, { method, headers, body });
  expect(answer).toMatchObject({ status: 200, body: { result: false, message: 'why' } });
  expect(calls).toEqual([{ verb, target, context: { ...about, address: '127.0.0.1' }, who: 'admin' }]);
});

it('a name or slug in the address is turned into the id', async () => {
  for (const name of ['my%20secret', 'my-secret', ids.secret]) await host.request(`${secrets}${name}/check/`);
  await host.request(`${groups}my-group/check/`, { method: 'POST', body: slot });
  expect(calls.map(({ target }) => ('secret' in target ? target.secret : target.group))).toEqual([
    ids.secret,
    ids.secret,
    ids.secret,
    ids.group,
  ]);
});

it.each([
  [secrets, {}, { object: 'csr1' }, { object: ['Give {"id"} or {"object_type", "name"}.'] }],
  [secrets, {}, { object: { id: 'x' } }, { object: ['Must be a valid UUID.'] }],
  [secrets, {}, { object: { id, name: 'd' } }, { object: ['Unknown field: name.'] }],
  [secrets, {}, { object: { object_type: 'a.b' } }, { object: ['Give {"id"} or {"object_type", "name"}.'] }],
  [secrets, {}, { obj: { name: 'd' } }, { obj: ['Unknown field.'] }],
  [secrets, {}, [], { non_field_errors: ['Invalid data. Expected a dictionary.'] }],
  [groups, {}, {}, { access_type: ['This field is required.'], secret_type: ['This field is required.'] }],
  [groups, slot, { access_type: ['SSH'] }, { access_type: ['Not a valid string.'] }],
  [groups, slot, { access_type: '' }, { access_type: ['This field may not be blank.'] }],
  [
    groups,
    slot,
    { secret_type: 'x'.repeat(33) },
    { secret_type: ['Ensure this field has no more than 32 characters.'] },
  ],
  [groups, slot, { secret_type: 'a\0' }, { secret_type: ['Null characters are not allowed.'] }],
])('%s with %j and %j is refused before anything is resolved', async (address, base, body, faults) => {
  const sent = Array.isArray(body) ? body : { ...base, ...body };
  for (const verb of ['check', 'explain'])
    expect(await host.request(`${address}${id}/${verb}/`, { method: 'POST', body: sent })).toMatchObject({
      status: 400,
      body: faults,
    });
  expect(calls).toEqual([]);
});

it('what is not there has the words of its type', async () => {
  failure = new NotFound();
  expect(await host.request(`${secrets}${id}/check/`)).toMatchObject({
    status: 404,
    body: { detail: 'No Secret matches the given query.' },
  });
  expect(await host.request(`${groups}none/check/`, { method: 'POST', body: slot })).toMatchObject({
    status: 404,
    body: { detail: 'No SecretsGroup matches the given query.' },
  });
});

it('a token that is revoked while the request is under way is no longer good', async () => {
  let asked = 0;
  const known = host.services.authenticate;
  await host.stop();
  host = await HttpHost.start(
    memoryServices({
      authenticate: (credentials) => {
        asked += 1;
        return asked === 1 ? known(credentials) : Promise.resolve({ refused: 'invalid' });
      },
      resolution: {
        check: async (acting) => ({ result: true, message: (await acting()).name }),
        explain: () => Promise.reject(new Error('not asked')),
      },
    }),
  );
  expect(await host.request(`${secrets}${id}/check/`)).toMatchObject({
    status: 403,
    body: { detail: 'Invalid token' },
  });
});
