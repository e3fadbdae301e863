import { basic, openAccessHost, type AccessHost } from '../../../test/support/access-host';
import { removeTemporaryFolders } from '../../../test/support/temporary-folder';
import type { Principal } from '../domain/access';
import { createSignIn } from './sign-in';

const password = 'Correct-Horse-7';
const many = (count: number) => Array.from({ length: count }, (_, index) => index);

jest.setTimeout(30_000);

let host: AccessHost;
const open = async (options = {}) => {
  host = await openAccessHost(options);
  const user = await host.request('users/', { method: 'POST', body: { username: 'maria', password } });
  const permission = { name: 'p', object_types: ['users.token'], actions: ['view', 'add'], users: [user.body.id] };
  await host.request('permissions/', { method: 'POST', body: permission });
};
beforeEach(() => open());
afterEach(() => host.close());
afterAll(removeTemporaryFolders);

const from = (address: string | (() => string)) => {
  host.source.address = address;
};
const login = async (name: string, word: string) =>
  host.request('tokens/', { method: 'POST', body: {}, ...basic(name, word) });
const withKey = (token: string) => host.request('tokens/', { token });

describe('failed logins', () => {
  it('are answered 429 after twenty from one address, and say when to come back', async () => {
    from('192.0.2.1');
    const answers = [];
    for (const index of many(22)) answers.push(await login(`user${index}`, 'wrong'));
    expect(answers.map(({ status }) => status)).toEqual([...many(20).map(() => 403), 429, 429]);
    expect(answers[21]?.headers.get('retry-after')).toBe('300');
    expect(answers[21]?.body).toEqual({ detail: 'Request was throttled. Expected available in 300 seconds.' });
    expect((await login('maria', password)).status).toBe(429);
    from('192.0.2.2');
    expect((await login('maria', password)).status).toBe(201);
    from('192.0.2.1');
    host.clock.time += 300_000;
    expect((await login('maria', password)).status).toBe(201);
  });

  it('of twenty spellings of one account count together, and lock nobody out', async () => {
    const spellings = many(20).map((index) => `${' '.repeat(index)}${index % 2 === 0 ? 'maria' : 'MARIA'}`);
    for (const [index, name] of spellings.entries()) {
      from(`192.0.2.${index}`);
      expect((await login(name, 'wrong')).status).toBe(403);
    }
    from('192.0.2.7');
    expect((await login('\uff2daria', 'wrong')).status).toBe(429);
    expect((await login('maria', password)).status).toBe(429);
    from('198.51.100.1');
    expect((await login('maria', password)).status).toBe(201);
  });

  it('keep no read waiting', async () => {
    await host.close();
    await open({ argon2: true });
    let next = 0;
    from(() => `192.0.2.${(next += 1)}`);
    let ended = 0;
    const flood = many(40).map((index) => login(`user${index}`, 'wrong').finally(() => (ended += 1)));
    await Promise.race(flood);
    expect((await host.request('users/')).status).toBe(200);
    expect(ended).toBeLessThan(30);
    expect((await Promise.all(flood)).map(({ status }) => status)).toEqual(many(40).map(() => 403));
  });
});

describe('unknown keys', () => {
  const guess = (index: number) => String(index).padStart(40, 'f');

  it('are answered 429 after twenty, a right one too; what was good from there before stays good', async () => {
    from('192.0.2.1');
    const { key } = (await login('maria', password)).body;
    const other = (await login('maria', password)).body.key;
    expect((await withKey(key)).status).toBe(200);
    const statuses = [];
    for (const index of many(22)) statuses.push((await withKey(guess(index))).status);
    expect(statuses).toEqual([...many(20).map(() => 403), 429, 429]);
    expect((await withKey(other)).status).toBe(429);
    expect((await withKey(key)).status).toBe(200);
    from('192.0.2.2');
    expect((await withKey(other)).status).toBe(200);
  });

  it('that are repeated count once, and malformed ones and expired ones not at all', async () => {
    from('192.0.2.1');
    const { key } = (await login('maria', password)).body;
    const expired = { key: 'e'.repeat(40), expires: '2001-01-01T00:00:00Z' };
    await host.request('tokens/', { method: 'POST', body: expired, ...basic('maria', password) });
    for (const _ of many(50)) {
      expect((await withKey(guess(1))).status).toBe(403);
      expect((await withKey(expired.key)).status).toBe(403);
    }
    for (const _ of many(30)) await host.request('tokens/', { token: '', headers: { Authorization: 'Token a b' } });
    expect((await withKey(key)).status).toBe(200);
  });
});

describe('ten thousand attempts', () => {
  const principal: Principal = { id: 'u', name: 'maria', isSuperuser: false, mayWrite: true };
  const counting = () => {
    const asked = { passwords: 0, keys: 0 };
    const signIn = createSignIn({
      definitions: { refresh: () => Promise.resolve(false) },
      principals: {
        user: () => () => Promise.resolve(principal),
        token: (key) => () => {
          asked.keys += 1;
          return Promise.resolve(key === 'right' ? principal : 'invalid');
        },
        password: (_, word) => {
          asked.passwords += 1;
          return Promise.resolve(word === password ? () => Promise.resolve(principal) : 'password');
        },
      },
    });
    return { asked, signIn };
  };

  it('at once, from one address, are twenty guesses', async () => {
    const { asked, signIn } = counting();
    const attempts = many(10_000).map((index) =>
      signIn({ scheme: 'basic', name: 'maria', key: `guess ${index}`, address: '192.0.2.1' }),
    );
    const answers = await Promise.all(attempts);
    expect(asked.passwords).toBe(20);
    expect(answers.filter((answer) => 'wait' in answer)).toHaveLength(9_980);
    expect(await signIn({ scheme: 'basic', name: 'maria', key: password, address: '192.0.2.2' })).toMatchObject({
      principal,
    });
  });

  it('with keys, one after another, are twenty guesses', async () => {
    const { asked, signIn } = counting();
    for (const index of many(10_000)) await signIn({ scheme: 'token', key: `guess ${index}`, address: '192.0.2.1' });
    expect(asked.keys).toBe(20);
    expect(await signIn({ scheme: 'token', key: 'right', address: '192.0.2.1' })).toMatchObject({
      refused: 'throttled',
    });
    expect(await signIn({ scheme: 'token', key: 'right', address: '192.0.2.2' })).toMatchObject({ principal });
  });
});
