import { FieldFault, fromJson, fromSql } from './field-kinds';
import { normalTime } from './times';

test.each([
  ['2021-03-04', '2021-03-04'],
  ['2021-03-04 05:06:07+00', '2021-03-04T05:06:07Z'],
  ['2021-03-04 05:06:07.5+00', '2021-03-04T05:06:07.500000Z'],
  ['2021-03-04 01:06:07.123456+02', '2021-03-03T23:06:07.123456Z'],
  ['2021-03-04 05:06:07-03:30', '2021-03-04T08:36:07Z'],
  ['2021-03-04T05:06:07.123Z', '2021-03-04T05:06:07.123Z'],
  ['1900-01-01 00:00:00+00:19:32', '1899-12-31T23:40:28Z'],
  ['infinity', undefined],
  ['2021-13-04', undefined],
  ['2021-03-04 25:06:07+00', undefined],
])('the time %s is %s', (text, time) => expect(normalTime(text)).toBe(time));

test.each([
  [String.raw`\x00fF`, Buffer.from([0, 255])],
  [String.raw`\x`, Buffer.alloc(0)],
  [String.raw`a\\b\000\377`, Buffer.from([0x61, 0x5c, 0x62, 0, 255])],
])('the bytes %s are read in hex and in the older form', (text, bytes) => expect(fromSql.bytes(text)).toEqual(bytes));

test.each([
  ['{}', []],
  ['{view,add}', ['view', 'add']],
  [String.raw`{"a,b","c\"d",NULL,e f}`, ['a,b', 'c"d', 'e f']],
  ['["view", "add"]', ['view', 'add']],
])('the list %s is read', (text, list) => {
  expect(fromSql.texts(text)).toEqual(list);
  expect(fromJson.texts(text)).toEqual(list);
  expect(fromJson.texts(list)).toEqual(list);
});

test.each([
  ['bytes', String.raw`\x0`],
  ['bytes', String.raw`\xzz`],
  ['integer', '1.5'],
  ['integer', ''],
  ['integer', '99999999999999999999'],
  ['flag', 'hunter2'],
  ['flag', 'constructor'],
  ['time', 'hunter2'],
  ['texts', 'hunter2'],
] as const)('%s refuses %j and does not repeat it', (kind, text) => {
  const read = () => fromSql[kind](text);
  expect(read).toThrow(FieldFault);
  expect(read).toThrow(expect.objectContaining({ message: expect.not.stringContaining('hunter2') }));
});

test.each([
  ['text', {}],
  ['integer', true],
  ['flag', 'true'],
  ['bytes', 'hunter2!'],
  ['time', 5],
  ['texts', { a: 1 }],
  ['reference', {}],
  ['reference', []],
  ['type', [1, 2]],
] as const)('%s refuses the JSON value %j', (kind, value) => {
  expect(() => fromJson[kind](value)).toThrow(FieldFault);
});
