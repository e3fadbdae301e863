import { stableId, uuid5 } from './stable-id';

test('the id is the UUID of version 5 that RFC 9562 gives as an example', () => {
  expect(uuid5('6ba7b810-9dad-11d1-80b4-00c04fd430c8', 'www.example.com')).toBe('2ed6657d-e927-568b-95e1-2665a8aea6a2');
});

test('instance, kind and key each tell rows apart, and the id of a row never changes', () => {
  const ids = [stableId('a', 'user', 1), stableId('b', 'user', 1), stableId('a', 'group', 1), stableId('a', 'user', 2)];
  expect(new Set(ids).size).toBe(4);
  expect(stableId('netbox', 'user', 1)).toBe('e719bc12-8db0-554e-99d5-8b8475994b0e');
});
