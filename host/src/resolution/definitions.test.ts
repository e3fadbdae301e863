import type { Rows } from '../domain/ports';
import { secretType, type Secret } from '../domain/secrets';
import { createDefinitions } from './definitions';

/** A database whose loads end when the test says so. */
function slowDatabase() {
  const loads: ((row: Partial<Secret> | undefined) => void)[] = [];
  const failures: ((failure: Error) => void)[] = [];
  let version = 1;
  const get = jest.fn(
    () =>
      new Promise((resolve, reject) => {
        loads.push(resolve);
        failures.push(reject);
      }),
  ) as unknown as jest.MockedFunction<Rows['get']>;
  return {
    loads,
    failures,
    get,
    move: () => void (version += 1),
    definitions: createDefinitions({ rows: { get } as unknown as Rows, version: () => Promise.resolve(version) }),
  };
}

const by = { name: 'S' };

test('a row is loaded once for as long as the version stands still, and readers at once share the load', async () => {
  const { definitions, loads, get } = slowDatabase();
  await definitions.refresh();
  const both = [definitions.get(secretType, by), definitions.get(secretType, by)];
  loads[0]?.({ description: 'one' });
  expect(await Promise.all(both)).toEqual([{ description: 'one' }, { description: 'one' }]);
  expect(await definitions.refresh()).toBe(false);
  expect(await definitions.get(secretType, by)).toEqual({ description: 'one' });
  expect(get).toHaveBeenCalledTimes(1);
});

test('a new version drops what was kept', async () => {
  const { definitions, loads, get, move } = slowDatabase();
  await definitions.refresh();
  const first = definitions.get(secretType, by);
  loads[0]?.({ description: 'one' });
  await first;
  move();
  expect(await definitions.refresh()).toBe(true);
  const second = definitions.get(secretType, by);
  loads[1]?.({ description: 'two' });
  expect(await second).toEqual({ description: 'two' });
  expect(get).toHaveBeenCalledTimes(2);
});

test('a load that began before a change is never served after it, however late it ends', async () => {
  const { definitions, loads, move } = slowDatabase();
  await definitions.refresh();
  const late = definitions.get(secretType, by);
  move();
  await definitions.refresh();
  const fresh = definitions.get(secretType, by);
  loads[1]?.({ description: 'new' });
  await fresh;
  loads[0]?.({ description: 'old' });
  expect(await late).toEqual({ description: 'old' });
  expect(await definitions.get(secretType, by)).toEqual({ description: 'new' });
});

test('a load that fails is tried again', async () => {
  const { definitions, loads, failures } = slowDatabase();
  const failing = definitions.get(secretType, by);
  failures[0]?.(new Error('busy'));
  await expect(failing).rejects.toThrow('busy');
  const again = definitions.get(secretType, by);
  loads[1]?.({ description: 'there' });
  expect(await again).toEqual({ description: 'there' });
});

test('that there is no such row is kept, too, until the version moves', async () => {
  const { definitions, loads, get, move } = slowDatabase();
  const first = definitions.get(secretType, by);
  loads[0]?.(undefined);
  expect(await first).toBeUndefined();
  expect(await definitions.get(secretType, by)).toBeUndefined();
  expect(get).toHaveBeenCalledTimes(1);
  move();
  await definitions.refresh();
  void definitions.get(secretType, by);
  expect(get).toHaveBeenCalledTimes(2);
});

test('other fields, other values and other types are other rows', async () => {
  const { definitions, get } = slowDatabase();
  for (const key of [{ name: 'a' }, { name: 'b' }, { slug: 'a' }, { name: 'a', slug: 'b' }, { name: 'a\0slug\0b' }])
    void definitions.get(secretType, key);
  expect(get).toHaveBeenCalledTimes(5);
});

test('a kept row cannot be changed by who got it', async () => {
  const { definitions, loads } = slowDatabase();
  const loading = definitions.get(secretType, by);
  loads[0]?.({ parameters: { variable: 'A', nested: { deep: [1] } } } as Partial<Secret>);
  const row = await loading;
  expect(() => Object.assign(row?.parameters as object, { variable: 'B' })).toThrow(TypeError);
  expect(() => ((row?.parameters as { nested: { deep: number[] } }).nested.deep[0] = 2)).toThrow(TypeError);
});

test('the memory is bounded', async () => {
  const get = jest.fn(() => Promise.resolve({})) as unknown as Rows['get'];
  const definitions = createDefinitions({ rows: { get } as Rows, version: () => Promise.resolve(1) }, 10);
  for (let n = 0; n < 1000; n += 1) await definitions.get(secretType, { name: `s${n}` });
  await definitions.get(secretType, { name: 's999' });
  expect(get).toHaveBeenCalledTimes(1000);
  await definitions.get(secretType, { name: 's0' });
  expect(get).toHaveBeenCalledTimes(1001);
});
