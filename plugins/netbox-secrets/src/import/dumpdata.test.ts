import { readDumpdata } from './dumpdata';
import type { DumpEnd, DumpRow } from './read/dump-row';

async function* inChunks(text: string, size: number) {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function read(text: string, size = 1 << 20): Promise<DumpEnd & { found: DumpRow[] }> {
  const wants = (table: string) => table.startsWith('auth.');
  const rows = readDumpdata(inChunks(text, size), { wants, shape: new Map() });
  const found: DumpRow[] = [];
  for (let next = await rows.next(); ; next = await rows.next()) {
    if (next.done) return { ...next.value, found };
    found.push(...next.value);
  }
}

const row = (model: string, pk: number | undefined, fields: unknown) => ({ model, pk, fields });
const list = [
  row('auth.group', 1, { name: 'a "]}{[" \\ \u00e4\u{1f511}', permissions: [[1, { x: ['}'] }]] }),
  row('dcim.cable', 2, { label: '\\"' }),
  row('auth.group', undefined, { name: '' }),
];
const read2 = [
  { table: 'auth.group', pk: 1, values: list[0]?.fields, place: 'row 1' },
  { table: 'auth.group', pk: undefined, values: { name: '' }, place: 'row 3' },
];

test.each([
  ['in one line', JSON.stringify(list)],
  ['indented', JSON.stringify(list, undefined, 2)],
  ['one row a line', list.map((one) => JSON.stringify(one)).join('\n')],
  [
    'behind the words of a container',
    `\u{1f9ec} loaded config '/etc/netbox.py'\n[notice] ready\n${JSON.stringify(list)}\n`,
  ],
])('rows are read %s, whatever the size of the chunks', async (_, text) => {
  for (const size of [1, 3, 50, 1 << 20]) expect(await read(text, size)).toEqual({ rows: 3, found: read2 });
});

test('an empty list is whole, and holds nothing', async () => {
  expect(await read('[]\n')).toEqual({ rows: 0, found: [] });
});

test.each([
  ['within a row', (text: string) => text.slice(0, -9), 2, 'within a row, after a row of dcim.cable'],
  ['between rows', (text: string) => text.slice(0, -1), 3, 'before the end of the list, after a row of auth.group'],
  [
    'by an error message',
    (text: string) => `${text.slice(0, -1)}CommandError: Unable to serialize database: {x}`,
    3,
    'where other text begins, after a row of auth.group',
  ],
  ['before the first row', () => '[', 0, 'before the end of the list'],
])('a list that is cut off %s is recognised', async (_, cut, rows, cutOff) => {
  for (const size of [1, 1 << 20]) expect(await read(cut(JSON.stringify(list)), size)).toMatchObject({ rows, cutOff });
});

test('a row that is no JSON, or no row of dumpdata, is told, without its text', async () => {
  const text = `[{"model": "auth.group", "pk": 1, "fields": {"name": secret}}, {"model": "auth.group", "pk": 2},
    {"pk": 3}, {secret}, ${JSON.stringify(list[2])}]`;
  const { found, rows, cutOff } = await read(text);
  expect(found.map(({ fault }) => fault)).toEqual([
    'is not JSON',
    'is no row of dumpdata',
    'is no row of dumpdata',
    'is not JSON',
    undefined,
  ]);
  expect({ rows, cutOff }).toEqual({ rows: 5, cutOff: undefined });
  expect(JSON.stringify(found)).not.toContain('secret');
});

test('a row that a lost quote has broken is told, and the rows on later lines are read', async () => {
  const text = JSON.stringify(list, undefined, 2).replace('"label"', '"label');
  for (const size of [1, 7, 1 << 20]) {
    const { found, rows, cutOff } = await read(text, size);
    expect({ found, rows, cutOff }).toEqual({ found: read2, rows: 3, cutOff: undefined });
  }
  const wanted = JSON.stringify(list, undefined, 2).replace('"permissions"', 'permissions"');
  expect((await read(wanted)).found).toMatchObject([{ table: 'auth.group', fault: 'is not JSON' }, read2[1] ?? {}]);
});
