import type { CustomField } from '../domain/custom-fields';
import type { Rows } from '../domain/ports';
import { readCustomValue } from './custom-kinds';
import { fieldKinds } from './field-kinds';

// A body may hold names that values of JavaScript have by themselves.
const disguised = { toString: 1, valueOf: 1 };

test.each([['constructor'], ['__proto__'], [disguised], [[disguised]], [['true']], [null]])(
  '%j is no boolean',
  (input) => {
    expect(fieldKinds.flag(input)).toEqual({ fault: 'Must be a valid boolean.' });
  },
);

test.each([
  [true, true],
  ['TRUE', true],
  [1, true],
  ['0', false],
])('%j is the boolean %j', (input, value) => {
  expect(fieldKinds.flag(input)).toEqual({ value });
});

test.each([['select'], ['multi-select']])('an object that hides its own text is no choice of a %s', async (type) => {
  const rows = { list: () => Promise.resolve({ count: 0, rows: [] }) } as unknown as Rows;
  const field = { id: 'f', type, required: false } as CustomField;
  for (const value of [disguised, [disguised]])
    expect(await readCustomValue(rows, field, value)).toEqual({ fault: expect.stringContaining('{"toString":1') });
});
