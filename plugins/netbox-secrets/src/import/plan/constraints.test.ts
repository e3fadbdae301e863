import { mapConstraints, readConstraints, withIds } from './constraints';

test.each([
  [undefined, null],
  [null, null],
  [{}, null],
  [{ a: 1 }, { a: 1 }],
  [
    [{ a: 1 }, { b: 2 }],
    [{ a: 1 }, { b: 2 }],
  ],
  [[], undefined],
  [[{ a: 1 }, {}], undefined],
  ['a', undefined],
  [[1], undefined],
])('%j is read as %j', (json, constraints) => expect(readConstraints(json)).toEqual(constraints));

test.each([
  [{ role: 2 }, { role__id: 'role-2' }],
  [
    { role_id: '2', name: 'x' },
    { role__id: 'role-2', name: 'x' },
  ],
  [{ role__in: [1, 2] }, { role__id__in: ['role-1', 'role-2'] }],
  [{ role__pk__in: [1] }, { role__id__in: ['role-1'] }],
  [{ tags__id: 3 }, { tags__id: 'tag-3' }],
  [{ id: 4 }, { id: 'secret-4' }],
  [{ pk__in: [4] }, { id__in: ['secret-4'] }],
  [
    { role__slug: 'snmp', device__name: 'r1' },
    { role__slug: 'snmp', device__name: 'r1' },
  ],
  [{ role: 'snmp' }, { role__id: 'snmp' }],
])('%j names rows by our ids: %j', (condition, expected) => {
  expect(withIds(condition, 'secret', (kind, number) => `${kind}-${number}`)).toEqual(expected);
});

test('each condition of a list is changed, and none stays none', () => {
  const change = (condition: object) => ({ ...condition, x: 1 });
  expect(mapConstraints([{ a: 1 }, { b: 2 }], change)).toEqual([
    { a: 1, x: 1 },
    { b: 2, x: 1 },
  ]);
  expect(mapConstraints({ a: 1 }, change)).toEqual({ a: 1, x: 1 });
  expect(mapConstraints(null, change)).toBeNull();
});
