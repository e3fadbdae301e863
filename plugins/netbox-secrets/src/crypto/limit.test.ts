import { createLimit } from './limit';

const turns = async (count: number) => {
  for (let i = 0; i < count; i += 1) await Promise.resolve();
};

test('no more than the limit run at once, all run, in the order in which they came', async () => {
  const limit = createLimit(2, 20);
  const order: number[] = [];
  let running = 0;
  let most = 0;
  const actions = Array.from({ length: 20 }, (_, i) =>
    limit(async () => {
      order.push(i);
      running += 1;
      most = Math.max(most, running);
      await turns((i * 7) % 5);
      running -= 1;
      return i;
    }),
  );
  expect(await Promise.all(actions)).toEqual(Array.from({ length: 20 }, (_, i) => i));
  expect(most).toBe(2);
  expect(order).toEqual(order.toSorted((one, other) => one - other));
});

test('an action that fails gives its place to the next', async () => {
  const limit = createLimit(1, 1);
  const failing = limit(() => Promise.reject(new Error('no')));
  const following = limit(() => Promise.resolve('yes'));
  await expect(failing).rejects.toThrow('no');
  await expect(following).resolves.toBe('yes');
  await expect(limit(() => Promise.resolve('again'))).resolves.toBe('again');
});

test('who comes when too many wait is refused, and those who wait are not', async () => {
  const limit = createLimit(1, 2);
  let release = (): void => {};
  const first = limit(() => new Promise<void>((resolve) => (release = resolve)));
  const waiting = [limit(() => Promise.resolve(1)), limit(() => Promise.resolve(2))];
  await expect(limit(() => Promise.resolve(3))).rejects.toMatchObject({ code: 'busy', retriable: true });
  release();
  expect(await Promise.all([first, ...waiting])).toEqual([undefined, 1, 2]);
});
