import { coalesce, createMutex } from './turns';

function gates() {
  const opened: ((value: number) => void)[] = [];
  return { opened, read: () => new Promise<number>((resolve) => opened.push(resolve)) };
}
const settle = () => new Promise(setImmediate);

test('works run one after another, in order, also past one that fails', async () => {
  const inTurn = createMutex();
  const log: string[] = [];
  const work = (name: string, fails = false) =>
    inTurn(async () => {
      log.push(`${name} begins`);
      await settle();
      log.push(`${name} ends`);
      if (fails) throw new Error(name);
      return name;
    });
  const results = await Promise.allSettled([work('a'), work('b', true), work('c')]);
  expect(log).toEqual(['a begins', 'a ends', 'b begins', 'b ends', 'c begins', 'c ends']);
  expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
});

test('who comes while a read runs shares the next one, which begins after it', async () => {
  const { opened, read } = gates();
  const shared = coalesce(read);
  const first = shared();
  const second = shared();
  const third = shared();
  await settle();
  expect(opened).toHaveLength(1);
  opened[0]?.(1);
  await expect(first).resolves.toBe(1);
  await settle();
  expect(opened).toHaveLength(2);
  const fourth = shared();
  opened[1]?.(2);
  await expect(Promise.all([second, third])).resolves.toEqual([2, 2]);
  await settle();
  opened[2]?.(3);
  await expect(fourth).resolves.toBe(3);
  expect(opened).toHaveLength(3);
});

test('a read that fails fails for those who share it, and no one else', async () => {
  const answers = [Promise.reject(new Error('gone')), Promise.resolve(7)];
  const shared = coalesce(() => answers.shift() ?? Promise.resolve(8));
  const first = shared();
  const second = shared();
  await expect(first).rejects.toThrow('gone');
  await expect(second).resolves.toBe(7);
  await expect(shared()).resolves.toBe(8);
});
