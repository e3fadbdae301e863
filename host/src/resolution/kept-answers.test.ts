import { secretType } from '../domain/secrets';
import { createKeptAnswers } from './kept-answers';

const query = { scope: { kind: 'all' }, limit: 50, offset: 0 } as const;

function opened(text = '') {
  const list = jest.fn(() => Promise.resolve({ count: 1, rows: [{ id: 'a', parameters: { text } }] }));
  const get = jest.fn(() => Promise.resolve({ id: 'a', parameters: { text } }));
  const { rows, forget } = createKeptAnswers({ list, get } as never);
  return { list, get, rows, forget };
}

test('a row is read once, frozen, and anew when all is forgotten', async () => {
  const { get, rows, forget } = opened();
  const row = await rows.get(secretType, { id: 'a' });
  expect(await rows.get(secretType, { id: 'a' })).toBe(row);
  expect(Object.isFrozen(row?.parameters)).toBe(true);
  await rows.get(secretType, { name: 'a' });
  forget();
  await rows.get(secretType, { id: 'a' });
  expect(get).toHaveBeenCalledTimes(3);
});

test('a page is kept from the second time on', async () => {
  const { list, rows, forget } = opened();
  const first = await rows.list(secretType, query);
  const second = await rows.list(secretType, { ...query });
  expect(second).not.toBe(first);
  expect(await rows.list(secretType, { ...query })).toBe(second);
  expect(list).toHaveBeenCalledTimes(2);
  await rows.list(secretType, { ...query, scope: { kind: 'none' } });
  expect(list).toHaveBeenCalledTimes(3);
  forget();
  expect(await rows.list(secretType, query)).not.toBe(second);
});

test('what is made of rows is made once, until all is forgotten', async () => {
  const { remember, forget } = createKeptAnswers({} as never);
  const make = jest.fn(() => Promise.resolve(['b', 'a']));
  const made = await remember('order', make);
  expect(await remember('order', make)).toBe(made);
  expect(Object.isFrozen(made)).toBe(true);
  forget();
  await remember('order', make);
  expect(make).toHaveBeenCalledTimes(2);
});

test('a page of many rows is not kept, whatever it was asked for', async () => {
  const rowsOf = (length: number) => ({ count: length, rows: Array.from({ length }, () => ({ id: 'a' })) });
  for (const [length, times] of [
    [101, 3],
    [100, 2],
  ] as const) {
    const { list, rows } = opened();
    list.mockImplementation(() => Promise.resolve(rowsOf(length) as never));
    for (const limit of [1000, 1000, 1000]) await rows.list(secretType, { ...query, limit });
    expect(list).toHaveBeenCalledTimes(times);
  }
});

test('a read that failed is not kept', async () => {
  const { get, rows } = opened();
  get.mockRejectedValueOnce(new Error('busy'));
  await expect(rows.get(secretType, { id: 'a' })).rejects.toThrow('busy');
  expect(await rows.get(secretType, { id: 'a' })).toMatchObject({ id: 'a' });
});

test('what is kept has a bound in bytes, questions included', async () => {
  const mebibyte = 'x'.repeat(2 ** 20);
  for (const [text, search] of [
    [mebibyte, ''],
    ['', mebibyte],
  ] as const) {
    const { list, rows } = opened(text);
    const ask = (offset: number) => rows.list(secretType, { ...query, search, offset });
    for (let i = 0; i < 20; i += 1) await ask(i >> 1);
    const before = list.mock.calls.length;
    await ask(0);
    expect(list).toHaveBeenCalledTimes(before + 1);
  }
});
