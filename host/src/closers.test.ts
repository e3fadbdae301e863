import { Closers } from './closers';

test('everything is closed in reverse order although some do not close, and the first failure is thrown', async () => {
  const closers = new Closers();
  const closed: string[] = [];
  const open = (name: string, fails: boolean) =>
    closers.opened(name, async () => {
      closed.push(name);
      if (fails) throw new Error(`${name} does not close`);
    });
  expect(open('database', false)).toBe('database');
  open('records', true);
  open('kernel', true);
  open('server', false);
  await expect(closers.close()).rejects.toThrow('kernel does not close');
  expect(closed).toEqual(['server', 'kernel', 'records', 'database']);
  await expect(closers.close()).resolves.toBeUndefined();
});

test('a closer that throws at once is no different', async () => {
  const closers = new Closers();
  const close = jest.fn(() => Promise.resolve());
  closers.opened('first', close);
  closers.opened('second', () => {
    throw new Error('at once');
  });
  await expect(closers.close()).rejects.toThrow('at once');
  expect(close).toHaveBeenCalledTimes(1);
});
