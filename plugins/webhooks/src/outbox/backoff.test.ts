import { waitAfter } from './backoff';

test('the wait is doubled up to an hour, and a random part of it, at least half', () => {
  const most = (failures: number) => waitAfter(failures, 10_000, () => 1);
  const least = (failures: number) => waitAfter(failures, 10_000, () => 0);
  expect([1, 2, 3, 10, 1000].map(most)).toEqual([10_000, 20_000, 40_000, 3_600_000, 3_600_000]);
  expect([1, 2, 10].map(least)).toEqual([5_000, 10_000, 1_800_000]);
});
