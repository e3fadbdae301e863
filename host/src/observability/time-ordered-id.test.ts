import { timeOrderedIds } from './time-ordered-id';

test('ids of one maker sort as they were made, within a millisecond and while the clock goes back', () => {
  let time = 1_800_000_000_000;
  const next = timeOrderedIds(() => time);
  const ids = Array.from({ length: 5000 }, () => next());
  time -= 10_000;
  ids.push(next());
  time += 60_000;
  ids.push(next());
  expect(ids).toEqual(ids.toSorted());
  expect(new Set(ids).size).toBe(ids.length);
});

test('ids are UUIDs of version 7 that begin with the time', () => {
  const id = timeOrderedIds(() => 0x0123456789ab)();
  expect(id).toMatch(/^01234567-89ab-7000-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
});
