import { openAccessHost, type AccessHost } from '../../../../test/support/access-host';

const secrets = '/api/extras/secrets/';
const slots = '/api/extras/secrets-groups-associations/';

let host: AccessHost;
let ids: Record<string, string>;
beforeAll(async () => {
  host = await openAccessHost();
  ids = {};
  const make = async (path: string, name: string, body: object): Promise<void> => {
    const answer = await host.anywhere(path, { method: 'POST', body });
    expect(answer).toMatchObject({ status: 201 });
    ids[name] = answer.body.id;
  };
  await make('/api/extras/tags/', 'tag', { name: 'red', content_types: ['extras.secret'] });
  const parameters = { path: '/a', more: { list: [1, null, true] } };
  await make(secrets, 'odd', { name: 'a "b", c', description: 'one\ntwo', provider: 'p', parameters, tags: [ids.tag] });
  await make(secrets, 'plain', { name: 'plain', provider: 'p', parameters: { path: '/b' } });
  await make('/api/extras/secrets-groups/', 'group', { name: 'the group' });
  const slot = { secrets_group: ids.group, secret: ids.plain, access_type: 'SSH', secret_type: 'key' };
  await make(slots, 'slot', slot);
});
afterAll(() => host.close());

const csv = (path: string) => host.anywhere(path, { headers: { Accept: 'text/csv' } });

it('lists have the columns of Nautobot, quoted as CSV is', async () => {
  const answer = await csv(secrets);
  expect(answer.status).toBe(200);
  expect(answer.headers.get('content-type')).toBe('text/csv');
  expect(answer.headers.get('content-disposition')).toBe('attachment; filename="latchkey_secret_data.csv"');
  const [head, first, second, ...rest] = answer.text.split('\r\n');
  expect(head).toBe(
    'name,display,id,object_type,natural_slug,slug,description,provider,parameters,tags,created,last_updated',
  );
  const name = '"a ""b"", c"';
  const parameters = '"{""path"": ""/a"", ""more"": {""list"": [1, null, true]}}"';
  const odd = ids.odd ?? '';
  expect(first).toMatch(
    `${name},${name},${odd},extras.secret,a-b-c_${odd.slice(0, 4)},a-b-c,"one\ntwo",p,${parameters},red,2`,
  );
  expect(second).toMatch(/^plain,plain,.*,plain,,p,"\{""path"": ""\/b""\}",,2/);
  expect(rest).toEqual(['']);
});

it('holds every row that the filters leave, whatever the page, and one for a row', async () => {
  const lines = async (path: string) => (await csv(path)).text.split('\r\n').length - 2;
  expect(await lines(`${secrets}?limit=1`)).toBe(2);
  expect(await lines(`${secrets}?name__ic=plain&format=csv`)).toBe(1);
  expect(await lines(`${secrets}${ids.odd}/`)).toBe(1);
});

it('names what it refers to', async () => {
  const { text } = await csv(slots);
  expect(text.split('\r\n')[1]).toMatch(/^SSH,key,the group: SSH key: plain,.*,the group,plain$/);
});

it('never holds a field that is kept secret', async () => {
  const { text } = await csv('/api/users/users/');
  expect(text.split('\r\n')[0]).not.toMatch(/password|hash/);
  expect((await csv('/api/users/tokens/')).text.split('\r\n')[0]).not.toMatch(/key/);
});

it('faults are JSON, and writes answer in nothing else', async () => {
  expect(await csv(`${secrets}?nothing=1`)).toMatchObject({ status: 400, body: { nothing: expect.anything() } });
  const written = await host.anywhere(secrets, { method: 'POST', body: {}, headers: { Accept: 'text/csv' } });
  expect(written.status).toBe(406);
});
