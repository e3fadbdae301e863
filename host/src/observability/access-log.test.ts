import { accessEntry, type NewAccessEntry } from '../domain/audit';
import { createGroupCommit } from './access-log';

const entry = (request_id: string): NewAccessEntry =>
  accessEntry({ user: 'admin', action: 'use', secret: 'a secret', decision: 'allowed', outcome: 'ok', request_id });
const ids = (batch: readonly NewAccessEntry[]) => batch.map(({ request_id }) => request_id);
const settle = () => new Promise(setImmediate);

/** A disk whose every write ends when the test says so. */
function disk() {
  const writes: { ids: (string | null)[]; done: () => void; fail: (error: Error) => void }[] = [];
  const write = (batch: readonly NewAccessEntry[]) =>
    new Promise<void>((done, fail) => {
      writes.push({ ids: ids(batch), done, fail });
    });
  /** The write of that number, once it has begun. */
  const begun = async (number: number) => {
    while (writes.length < number) await settle();
    return writes[number - 1] as (typeof writes)[number];
  };
  return { writes, write, begun };
}

test('entries that arrive while a commit runs share the next one', async () => {
  const { writes, write, begun } = disk();
  const log = createGroupCommit({ write, version: async () => 1 });
  const first = log.append(entry('a'));
  await begun(1);
  const rest = [log.append(entry('b')), log.append(entry('c'))];
  await settle();
  expect(writes.map((one) => one.ids)).toEqual([['a']]);
  (await begun(1)).done();
  await first;
  (await begun(2)).done();
  await Promise.all(rest);
  expect(writes.map((one) => one.ids)).toEqual([['a'], ['b', 'c']]);
  expect(log.stats()).toEqual({ entries: 3, commits: 2, failures: 0, failing: false });
});

test('nothing settles before the commit, and the version is read after it', async () => {
  const { write, begun } = disk();
  const version = jest.fn(async () => 42);
  const log = createGroupCommit({ write, version });
  const settled = jest.fn();
  const append = log.append(entry('a')).then(settled);
  const writing = await begun(1);
  await settle();
  expect(settled).not.toHaveBeenCalled();
  expect(version).not.toHaveBeenCalled();
  writing.done();
  await append;
  expect(settled).toHaveBeenCalledWith(42);
  expect(version).toHaveBeenCalledTimes(1);
});

test('a batch holds no more than the limit', async () => {
  const batches: number[] = [];
  const log = createGroupCommit({
    write: async (batch) => void batches.push(batch.length),
    version: async () => 1,
    limit: 4,
  });
  await Promise.all(Array.from({ length: 10 }, (_, i) => log.append(entry(String(i)))));
  expect(batches).toEqual([4, 4, 2]);
});

test('a failed commit refuses its entries, without the words of the cause, and the next goes on', async () => {
  const { write, begun } = disk();
  const log = createGroupCommit({ write, version: async () => 1 });
  const first = log.append(entry('a'));
  const writing = await begun(1);
  const second = log.append(entry('b'));
  writing.fail(Object.assign(new Error('SQLITE_FULL: canary'), { code: 'SQLITE_FULL' }));
  const error = await first.catch((reason: Error) => reason);
  expect(error).toMatchObject({ code: 'access-record', retriable: true, cause: { message: 'Error SQLITE_FULL' } });
  (await begun(2)).done();
  await expect(second).resolves.toBe(1);
  expect(log.stats()).toEqual({ entries: 1, commits: 1, failures: 1, failing: false });
});

test('an entry whose version cannot be read is refused', async () => {
  const log = createGroupCommit({
    write: async () => undefined,
    version: () => Promise.reject(new Error('gone')),
  });
  await expect(log.append(entry('a'))).rejects.toMatchObject({ code: 'access-record' });
});

test('closing waits for what was given and refuses what comes later', async () => {
  const { writes, write, begun } = disk();
  const log = createGroupCommit({ write, version: async () => 1 });
  const first = log.append(entry('a'));
  const closed = log.close();
  await expect(log.append(entry('b'))).rejects.toMatchObject({ code: 'access-record' });
  (await begun(1)).done();
  await closed;
  await expect(first).resolves.toBe(1);
  expect(writes).toHaveLength(1);
});

test('a log whose last commit failed is failing, until one is kept; each commit is told', async () => {
  const committed = jest.fn();
  const state = { broken: true };
  const write = () => (state.broken ? Promise.reject(new Error('disk full')) : Promise.resolve());
  const log = createGroupCommit({ write, version: () => Promise.resolve(1), committed });
  expect(log.stats().failing).toBe(false);
  await log.append(entry('a')).catch(() => undefined);
  expect(log.stats().failing).toBe(true);
  state.broken = false;
  await Promise.all([log.append(entry('b')), log.append(entry('c'))]);
  expect(log.stats().failing).toBe(false);
  expect(committed.mock.calls).toMatchObject([[{ size: 1, failed: true }], [{ size: 2, failed: false }]]);
});

test('a disk that does not answer refuses all who wait and all who come, until it does', async () => {
  const { writes, write, begun } = disk();
  const log = createGroupCommit({ write, version: async () => 1, patience: 1 });
  const first = log.append(entry('a'));
  await begun(1);
  const next = log.append(entry('b'));
  for (const refused of [first, next]) await expect(refused).rejects.toMatchObject({ code: 'access-record' });
  await expect(log.append(entry('c'))).rejects.toMatchObject({ code: 'access-record' });
  (await begun(1)).done();
  await settle();
  const later = log.append(entry('d'));
  (await begun(2)).done();
  expect(await later).toBe(1);
  expect(writes.map((one) => one.ids)).toEqual([['a'], ['d']]);
});

describe('with two lanes', () => {
  const many = (log: { append(one: NewAccessEntry): Promise<number> }, count: number, name: string) =>
    Array.from({ length: count }, (_, i) => log.append(entry(`${name}${i}`)));

  test('many who come at once are halved, and each half that is answered goes on while the other commits', async () => {
    const { writes, write, begun } = disk();
    const log = createGroupCommit({ write, version: async () => 1, lanes: 2 });
    const all = many(log, 64, 'a');
    await begun(2);
    expect(writes.map((one) => one.ids.length)).toEqual([32, 32]);
    writes[0]!.done();
    await Promise.all(all.slice(0, 32));
    all.push(...many(log, 32, 'b'));
    await begun(3);
    expect(new Set(writes.flatMap((one) => one.ids)).size).toBe(96);
    // Both lanes are taken.
    all.push(...many(log, 40, 'c'));
    await settle();
    expect(writes).toHaveLength(3);
    for (const number of [2, 3]) (await begun(number)).done();
    await begun(4);
    await settle();
    for (const { done } of writes) done();
    expect(await Promise.all(all)).toHaveLength(136);
    expect(writes.flatMap((one) => one.ids)).toHaveLength(136);
  });

  test('a few wait for the commit that runs', async () => {
    const { writes, write, begun } = disk();
    const log = createGroupCommit({ write, version: async () => 1, lanes: 2 });
    const first = many(log, 1, 'a');
    await begun(1);
    const few = many(log, 15, 'b');
    await settle();
    expect(writes).toHaveLength(1);
    writes[0]!.done();
    await Promise.all(first);
    (await begun(2)).done();
    await Promise.all(few);
    expect(writes.map((one) => one.ids.length)).toEqual([1, 15]);
  });

  test('a commit that fails refuses its own entries alone', async () => {
    const { writes, write, begun } = disk();
    const log = createGroupCommit({ write, version: async () => 1, lanes: 2 });
    const all = Promise.allSettled(many(log, 32, 'a'));
    await begun(2);
    writes[0]!.fail(new Error('gone'));
    writes[1]!.done();
    const told = (await all).map(({ status }) => status);
    expect(told.filter((status) => status === 'rejected')).toHaveLength(16);
    expect(log.stats()).toMatchObject({ entries: 16, commits: 1, failures: 1 });
  });

  test('closing waits for both', async () => {
    const { writes, write, begun } = disk();
    const log = createGroupCommit({ write, version: async () => 1, lanes: 2 });
    const all = many(log, 32, 'a');
    await begun(2);
    const closed = jest.fn();
    const closing = log.close().then(closed);
    writes[0]!.done();
    await settle();
    expect(closed).not.toHaveBeenCalled();
    writes[1]!.done();
    await closing;
    expect(await Promise.all(all)).toHaveLength(32);
  });

  test('one that does not end refuses all who wait and come, also while the other ends', async () => {
    const { writes, write, begun } = disk();
    const log = createGroupCommit({ write, version: async () => 1, patience: 1, lanes: 2 });
    const all = Promise.allSettled(many(log, 32, 'a'));
    await begun(2);
    expect(new Set((await all).map(({ status }) => status))).toEqual(new Set(['rejected']));
    writes[0]!.done();
    await settle();
    await expect(log.append(entry('b'))).rejects.toMatchObject({ code: 'access-record' });
    writes[1]!.done();
    await settle();
    const later = log.append(entry('c'));
    (await begun(3)).done();
    expect(await later).toBe(1);
  });
});
