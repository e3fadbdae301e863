import { readSettings } from '../../plugins/netbox-secrets/src/settings';
import { pairs } from '../support/encrypted-store';
import { describeEngines } from '../support/engines';
import { adminToken } from '../support/host-process';
import { letIn, newPair, newUser, openNetboxHost, type NetboxHost } from '../support/netbox-host';
import { removeTemporaryFolders } from '../support/temporary-folder';

jest.setTimeout(120_000);
afterAll(removeTemporaryFolders);

const [hour, minute] = [3_600_000, 60_000];

describeEngines('a session key', ({ newPlace }) => {
  let world: NetboxHost;
  let clock: jest.SpyInstance<number, []>;
  let ahead = 0;
  let count = 0;
  let user: Awaited<ReturnType<typeof newUser>> & { readonly privateKey: string; readonly key: number };

  beforeAll(async () => {
    const real = Date.now.bind(Date);
    clock = jest.spyOn(Date, 'now').mockImplementation(() => real() + ahead);
    const { url } = (await newPlace()) as { readonly url?: string };
    world = await openNetboxHost({
      config: { session_idle: 3600, sessions_per_user: 3 },
      host: { database_url: url },
    });
    await world.rest('POST', '/api/plugins/secrets/user-keys/', { body: { public_key: pairs.first.public } });
  });
  afterAll(async () => {
    clock.mockRestore();
    await world?.host.close();
  });
  beforeEach(async () => {
    ahead = 0;
    count += 1;
    const made = await newUser(world.rest, `user-${count}`, true);
    const { publicKey, privateKey } = newPair();
    user = { ...made, privateKey, key: await letIn(world.rest, made.token, publicKey) };
  });

  /** Whether a session key opens anything: the status of a list with it, and the words of a refusal. */
  const used = async (sessionKey: string, token = user.token) => {
    const headers = { 'X-Session-Key': sessionKey };
    const answer = await world.rest('GET', '/api/secrets/secrets/?limit=1', { token, headers });
    return answer.status === 200 ? 200 : [answer.status, answer.body];
  };
  const wrong = [400, ['Invalid session key.']];
  const change = (path: string, body: unknown) => world.rest('PATCH', path, { body });
  const unlock = (token = user.token) => world.unlock(token, user.privateKey);
  const secondToken = async () => {
    const key = `the-second-token-of-${user.id}`;
    const { body } = await world.rest('POST', '/api/users/tokens/', { body: { user: user.id, key } });
    if (body?.id === undefined) throw new Error('no token');
    return { key, path: `/api/users/tokens/${body.id}/` };
  };

  test('ends when its life is over, however much it is used', async () => {
    const sessionKey = await unlock();
    for (ahead = 0; ahead < 8 * hour; ahead += 50 * minute) expect(await used(sessionKey)).toBe(200);
    ahead = 8 * hour;
    expect(await used(sessionKey)).toEqual(wrong);
  });

  test('ends when it was not used for the time that the operator set', async () => {
    const [one, two] = [await unlock(), await unlock()];
    ahead = 50 * minute;
    expect(await used(one)).toBe(200);
    ahead = 70 * minute;
    expect([await used(one), await used(two)]).toEqual([200, wrong]);
    ahead = 131 * minute;
    expect(await used(one)).toEqual(wrong);
  });

  test('ends with the token that made it, for the other tokens of its user, too', async () => {
    const { key, path } = await secondToken();
    const [of, other] = [await unlock(key), await unlock()];
    expect([await used(of), await used(other)]).toEqual([200, 200]);
    expect((await world.rest('DELETE', path, { token: user.token })).status).toBe(204);
    expect([await used(of), await used(other)]).toEqual([wrong, 200]);
  });

  test('ends when its token expires', async () => {
    const { key, path } = await secondToken();
    const sessionKey = await unlock(key);
    expect(await used(sessionKey)).toBe(200);
    const body = { expires: '2001-01-01T00:00:00Z' };
    expect((await world.rest('PATCH', path, { token: user.token, body })).status).toBe(200);
    expect(await used(sessionKey)).toEqual(wrong);
  });

  test('ends when its user logs out, and the cookie goes', async () => {
    const { token } = user;
    const sessionKey = await unlock();
    const out = await world.rest('DELETE', '/api/plugins/secrets/session-key/', { token });
    expect([out.status, out.headers.get('set-cookie')]).toEqual([
      204,
      expect.stringMatching(/session_key="".*Max-Age=0/),
    ]);
    expect(await used(sessionKey)).toEqual(wrong);

    const { body } = await world.session(token, user.privateKey);
    expect(await used(body.session_key)).toBe(200);
    const { status } = await world.rest('DELETE', `/api/plugins/secrets/session-keys/${body.id}/`, { token });
    expect([status, await used(body.session_key)]).toEqual([204, wrong]);
  });

  test('ends with a new user key, and with the one it was made with', async () => {
    const { token } = user;
    const first = await unlock();
    expect(await used(first)).toBe(200);
    const { publicKey: public_key, privateKey } = newPair();
    const given = await world.rest('POST', '/api/plugins/secrets/user-keys/', { token, body: { public_key } });
    expect([given.status, given.body.is_active]).toEqual([201, false]);
    expect(await used(first)).toEqual(wrong);

    await letIn(world.rest, token, public_key);
    const second = await world.unlock(token, privateKey);
    expect(await used(second)).toBe(200);
    await world.rest('DELETE', `/api/plugins/secrets/user-keys/${user.key}/`, { token });
    expect(await used(second)).toEqual(wrong);
  });

  test('ends with a new password', async () => {
    const sessionKey = await unlock();
    expect(await used(sessionKey)).toBe(200);
    await change(`/api/users/users/${user.id}/`, { password: 'correct horse battery' });
    expect(await used(sessionKey)).toEqual(wrong);
  });

  test('ends with the account, and does not come back with it', async () => {
    const sessionKey = await unlock();
    expect(await used(sessionKey)).toBe(200);
    await change(`/api/users/users/${user.id}/`, { is_active: false });
    expect(await used(sessionKey)).toMatchObject([403, {}]);
    await change(`/api/users/users/${user.id}/`, { is_active: true });
    expect(await used(sessionKey)).toEqual(wrong);
  });

  test('is of its user alone, and of no user that was deleted', async () => {
    const sessionKey = await unlock();
    expect([await used(sessionKey, adminToken), await used(sessionKey)]).toEqual([wrong, 200]);
    expect((await world.rest('DELETE', `/api/users/users/${user.id}/`)).status).toBe(204);
    expect(await used(sessionKey, adminToken)).toEqual(wrong);
    expect(await used(sessionKey)).toMatchObject([403, {}]);
  });

  test('ends where its user opens more than may be: the one that was not used for the longest goes', async () => {
    const others = await world.unlock();
    const [one, two, three] = [await unlock(), await unlock(), await unlock()];
    for (const key of [two, three, one]) {
      ahead += 15 * minute;
      expect(await used(key)).toBe(200);
    }
    const four = await unlock();
    const answers = [await used(one), await used(two), await used(three), await used(four)];
    expect(answers).toEqual([200, wrong, 200, 200]);
    ahead = 0;
    expect(await used(others, adminToken)).toBe(200);
  });
});

test.each([
  ['session_idle', 59],
  ['session_idle', 0],
  ['session_life', -1],
  ['session_life', 1e9],
  ['sessions_per_user', 0],
])('%s %d stops the start', (name, value) => {
  expect(() => readSettings({ [name]: value })).toThrow(`${name} must be from`);
});
