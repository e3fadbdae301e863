import { tokenType, userType } from '../domain/access';
import type { Definitions } from './definitions';
import { createPrincipals } from './principals';

test('a token is hashed once, and looked up anew whenever it is asked who sends it', async () => {
  const token = { id: 't', user: 'u', expires: null, allowed_addresses: [], write_enabled: true };
  const user = { id: 'u', username: 'maria', is_active: true, is_superuser: true, groups: [] };
  const kept = new Map<unknown, object>([
    [tokenType, token],
    [userType, user],
  ]);
  const definitions = { get: (type: unknown) => Promise.resolve(kept.get(type)) } as unknown as Definitions;
  const hash = jest.fn(() => 'hashed');
  const ask = createPrincipals({ definitions, rows: definitions, tokenKey: { hash } }).token('key', '192.0.2.1');

  expect(await ask()).toMatchObject({ name: 'maria' });
  kept.set(userType, { ...user, is_active: false });
  expect(await ask()).toBe('inactive');
  kept.delete(tokenType);
  expect(await ask()).toBe('invalid');
  expect(hash).toHaveBeenCalledTimes(1);
});
