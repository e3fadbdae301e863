import { secretType } from '../domain/secrets';
import { createDefinitions } from './definitions';

/** A database whose rows are told by id; `change` commits a change, `asked` are the reads that reached it. */
function database() {
  let version = 1;
  const asked: string[] = [];
  const rows = { get: (_type: unknown, { id }: { id: string }) => (asked.push(id), Promise.resolve({ id, version })) };
  return {
    asked,
    change: () => (version += 1),
    unitOfWork: { rows, version: () => Promise.resolve(version) } as never,
  };
}

async function opened(max?: number) {
  const { asked, change, unitOfWork } = database();
  const definitions = createDefinitions(unitOfWork, max);
  await definitions.refresh();
  const read = (id: string) => definitions.get(secretType, { id });
  return { asked, change, definitions, read };
}

test('a row is read once while the version stands still, and anew once it moved', async () => {
  const { asked, change, definitions, read } = await opened();
  const before = await read('a');
  expect(await read('a')).toBe(before);
  expect(await definitions.refresh()).toBe(false);
  expect(await read('a')).toBe(before);
  change();
  expect(await definitions.refresh()).toBe(true);
  expect(await read('a')).toEqual({ id: 'a', version: 2 });
  expect(asked).toEqual(['a', 'a']);
});

test('what was read before a change is never served after it', async () => {
  const { change, definitions, read } = await opened();
  const slow = read('a');
  change();
  await definitions.refresh();
  expect(await slow).toEqual({ id: 'a', version: 1 });
  expect(await read('a')).toEqual({ id: 'a', version: 2 });
});

test('no more than so many rows are kept; the one asked for longest ago goes first', async () => {
  const { asked, read } = await opened(2);
  for (const id of ['a', 'b', 'a', 'c', 'a', 'b']) await read(id);
  expect(asked).toEqual(['a', 'b', 'c', 'b']);
});

test('kept rows are frozen to their leaves', async () => {
  const rows = { get: () => Promise.resolve({ id: 'a', parameters: { list: [{}] } }) };
  const definitions = createDefinitions({ rows, version: () => Promise.resolve(1) } as never);
  const row = (await definitions.get(secretType, { id: 'a' })) as { parameters: { list: object[] } } | undefined;
  expect([row, row?.parameters, row?.parameters.list, row?.parameters.list[0]].every(Object.isFrozen)).toBe(true);
});

test('a read that failed is not kept', async () => {
  const get = jest.fn().mockRejectedValueOnce(new Error('busy')).mockResolvedValue({ id: 'a' });
  const definitions = createDefinitions({ rows: { get }, version: () => Promise.resolve(1) } as never);
  await expect(definitions.get(secretType, { id: 'a' })).rejects.toThrow('busy');
  expect(await definitions.get(secretType, { id: 'a' })).toEqual({ id: 'a' });
});

describe('with loads that end when the test says so', () => {
  function slow() {
    const loads: ((row: unknown) => void)[] = [];
    const get = jest.fn(() => new Promise((resolve) => loads.push(resolve)));
    let version = 1;
    const definitions = createDefinitions({ rows: { get }, version: () => Promise.resolve(version) } as never);
    const change = () => {
      version += 1;
      return definitions.refresh();
    };
    return { loads, get, definitions, change };
  }

  test('readers at once share one', async () => {
    const { definitions, loads, get } = slow();
    const both = [definitions.get(secretType, { name: 'S' }), definitions.get(secretType, { name: 'S' })];
    loads[0]?.({ id: 'a' });
    expect(await Promise.all(both)).toEqual([{ id: 'a' }, { id: 'a' }]);
    expect(get).toHaveBeenCalledTimes(1);
  });

  test('one that began before a change does not replace what was read after it, however late it ends', async () => {
    const { definitions, loads, change } = slow();
    await definitions.refresh();
    const late = definitions.get(secretType, { name: 'S' });
    await change();
    const fresh = definitions.get(secretType, { name: 'S' });
    loads[1]?.({ id: 'new' });
    await fresh;
    loads[0]?.({ id: 'old' });
    expect(await late).toEqual({ id: 'old' });
    expect(await definitions.get(secretType, { name: 'S' })).toEqual({ id: 'new' });
  });

  test('that there is no such row is kept, too, until the version moves', async () => {
    const { definitions, loads, get, change } = slow();
    await definitions.refresh();
    const first = definitions.get(secretType, { name: 'S' });
    loads[0]?.(undefined);
    expect(await first).toBeUndefined();
    expect(await definitions.get(secretType, { name: 'S' })).toBeUndefined();
    expect(get).toHaveBeenCalledTimes(1);
    await change();
    void definitions.get(secretType, { name: 'S' });
    expect(get).toHaveBeenCalledTimes(2);
  });

  test('other fields and other values are other rows, also where a value holds what parts them', () => {
    const { definitions, get } = slow();
    const keys = [{ name: 'a' }, { name: 'b' }, { slug: 'a' }, { name: 'a', slug: 'b' }, { name: 'a\0slug\0b' }];
    for (const key of keys) void definitions.get(secretType, key);
    expect(get).toHaveBeenCalledTimes(keys.length);
  });
});

test('what clients ask for is forgotten once the version moved, and leaves the memory of rows alone', async () => {
  let version = 1;
  const get = jest.fn(() => Promise.resolve({ id: 'a', version }));
  const definitions = createDefinitions({ rows: { get }, version: () => Promise.resolve(version) } as never);
  const read = () => definitions.pages.get(secretType, { id: 'a' });
  await definitions.refresh();
  const before = await read();
  expect(await read()).toBe(before);
  await definitions.get(secretType, { id: 'a' });
  expect(get).toHaveBeenCalledTimes(2);
  version += 1;
  await definitions.refresh();
  expect(await read()).toEqual({ id: 'a', version: 2 });
});
