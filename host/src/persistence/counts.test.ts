import { createCounts } from './counts';

const statement = (...parameters: string[]) => ({ text: 'SELECT ?1', parameters });

test('a count is read once for a version, a statement and its values', async () => {
  let version = 1;
  let reads = 0;
  const { exact } = createCounts(async () => version);
  const read = async () => ++reads;
  expect(await Promise.all([exact(statement('a'), read), exact(statement('a'), read)])).toEqual([1, 1]);
  expect(await exact(statement('b'), read)).toBe(2);
  expect(await exact(statement('a'), read)).toBe(1);
  version = 2;
  expect(await exact(statement('a'), read)).toBe(3);
});

test('while a count runs those who want a later one wait for one count between them, that begins when it has ended', async () => {
  let version = 1;
  const running: ((count: number) => void)[] = [];
  const { exact } = createCounts(async () => version);
  const asked = () => exact(statement(), () => new Promise((resolve) => running.push(resolve)));
  const turn = () => new Promise(setImmediate);
  const first = asked();
  await turn();
  const later = [2, 3, 4].map(async (next) => {
    version = next;
    return asked();
  });
  await turn();
  expect(running).toHaveLength(1);
  running[0]!(10);
  await turn();
  expect(running).toHaveLength(2);
  version = 5;
  const last = asked();
  running[1]!(20);
  expect([await first, ...(await Promise.all(later))]).toEqual([10, 20, 20, 20]);
  await turn();
  running[2]!(30);
  expect(await last).toBe(30);
});

test('those who waited for a count that failed are told their own', async () => {
  let version = 1;
  let fail = (_error: Error): void => undefined;
  const { exact } = createCounts(async () => version);
  const first = exact(statement(), () => new Promise((_, reject) => (fail = reject)));
  await new Promise(setImmediate);
  version = 2;
  const second = exact(statement(), async () => 2);
  await new Promise(setImmediate);
  fail(new Error('busy'));
  await expect(first).rejects.toThrow('busy');
  expect(await second).toBe(2);
});

test('a count that failed is read again', async () => {
  const { exact, lately } = createCounts(async () => 1);
  await expect(exact(statement(), () => Promise.reject(new Error('busy')))).rejects.toThrow('busy');
  expect(lately(statement())).toBeUndefined();
  expect(await exact(statement(), async () => 7)).toBe(7);
});

test('the last count is known for ten minutes, of the same statement alone, also while the next one is under way', async () => {
  let [version, now] = [1, 0];
  const { exact, lately } = createCounts(
    async () => version,
    () => now,
  );
  expect(lately(statement('a'))).toBeUndefined();
  await exact(statement('a'), async () => 7);
  version = 2;
  expect([lately(statement('a')), lately(statement('b'))]).toEqual([7, undefined]);
  let end = (_count: number): void => undefined;
  const next = exact(statement('a'), () => new Promise((resolve) => (end = resolve)));
  await Promise.resolve();
  expect(lately(statement('a'))).toBe(7);
  now = 599_999;
  expect(lately(statement('a'))).toBe(7);
  now = 600_000;
  expect(lately(statement('a'))).toBeUndefined();
  end(8);
  await next;
  expect(lately(statement('a'))).toBe(8);
});
