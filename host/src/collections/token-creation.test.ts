import { tokenCreation } from './token-creation';

const who = { id: '5ec00000-0000-4000-8000-000000000001', name: 'a', isSuperuser: false, mayWrite: true };

test('a key that is made begins with the digits of the id', () => {
  const id = '8f7e6d5c-0000-4000-8000-000000000002';
  expect(tokenCreation({ id }, who).once).toEqual({ key: expect.stringMatching(/^8f7e6d5c[0-9a-f]{32}$/) });
});

test('an id that is no text is left to those who refuse it', () => {
  for (const id of [{ toString: 1, valueOf: 1 }, [{ toString: 1 }], 7])
    expect(tokenCreation({ id }, who).body).toMatchObject({ id, user: who.id });
});
