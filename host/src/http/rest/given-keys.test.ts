import { basic, openAccessHost, type AccessHost } from '../../../../test/support/access-host';
import { removeTemporaryFolders } from '../../../../test/support/temporary-folder';

const password = 'Correct-Horse-7';
const theirs = 'k'.repeat(40);
const mine = 'm'.repeat(40);
const many = (count: number) => Array.from({ length: count }, (_, index) => index);
const taken = { key: ['Token with this Key already exists.'] };

jest.setTimeout(30_000);

let host: AccessHost;
beforeEach(async () => {
  host = await openAccessHost();
  const user = await host.request('users/', { method: 'POST', body: { username: 'maria', password } });
  const own = { object_types: ['users.token'], actions: ['view', 'add', 'change'], users: [user.body.id] };
  await host.request('permissions/', { method: 'POST', body: { name: 'own', ...own } });
  for (const [key, body] of [
    [mine, { user: user.body.id }],
    [theirs, {}],
  ] as const)
    await host.request('tokens/', { method: 'POST', body: { ...body, key } });
  host.source.address = '192.0.2.1';
});
afterEach(() => host.close());
afterAll(removeTemporaryFolders);

const take = (key: string, more: object = {}) =>
  host.request('tokens/', { method: 'POST', body: { key, ...more }, token: mine });

it('tells twenty times that a key is taken, then waits, wherever the account comes from', async () => {
  const statuses = [];
  for (const _ of many(22)) statuses.push((await take(theirs)).status);
  expect(statuses).toEqual([...many(20).map(() => 400), 429, 429]);
  const answer = await take('n'.repeat(40));
  expect([answer.status, answer.headers.get('retry-after')]).toEqual([429, '300']);
  host.source.address = '198.51.100.1';
  expect((await take('n'.repeat(40))).status).toBe(429);
});

it('counts those that come at once', async () => {
  const answers = await Promise.all(many(40).map(() => take(theirs)));
  expect(answers.filter(({ status }) => status === 400)).toHaveLength(20);
});

it('counts every creation that is refused, since it tells by its messages that the key is free', async () => {
  for (const index of many(20)) expect((await take(`${index}`.padStart(40, 'g'), { no: 1 })).status).toBe(400);
  expect((await take(theirs)).status).toBe(429);
});

it('counts like a wrong password from the same address', async () => {
  for (const _ of many(20)) expect((await take(theirs)).body).toEqual(taken);
  expect((await host.request('tokens/', { ...basic('maria', 'wrong'), method: 'POST', body: {} })).status).toBe(429);
});

it('counts no creation that is good, and no key that the host makes', async () => {
  for (const _ of many(19)) await take(theirs);
  expect((await take('n'.repeat(40))).status).toBe(201);
  expect((await take(theirs)).status).toBe(400);
  expect((await host.request('tokens/', { method: 'POST', body: {}, token: mine })).status).toBe(201);
});

it('says of a change nothing but that keys are for life', async () => {
  const { results } = (await host.request('tokens/', { token: mine })).body;
  const change = (key: string) =>
    host.request(`tokens/${results[0].id}/`, { method: 'PATCH', body: { key }, token: mine });
  const refused = { status: 400, body: { key: ['This field may not be changed.'] } };
  expect(await change(theirs)).toMatchObject(refused);
  expect(await change('n'.repeat(40))).toMatchObject(refused);
});
