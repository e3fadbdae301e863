import { createCounts } from './counts';

const statement = (...parameters: string[]) => ({ text: 'SELECT ?1', parameters });

test('a count is read once for a version, a statement and its values', async () => {
  let version = 1;
  let reads = 0;
  const counts = createCounts(async () => version);
  const read = async () => ++reads;
  expect(await Promise.all([counts(statement('a'), read), counts(statement('a'), read)])).toEqual([1, 1]);
  expect(await counts(statement('b'), read)).toBe(2);
  expect(await counts(statement('a'), read)).toBe(1);
  version = 2;
  expect(await counts(statement('a'), read)).toBe(3);
});

test('a count that failed is read again', async () => {
  const counts = createCounts(async () => 1);
  await expect(counts(statement(), () => Promise.reject(new Error('busy')))).rejects.toThrow('busy');
  expect(await counts(statement(), async () => 7)).toBe(7);
});
