import type { DumpEnd, DumpRow } from './read/dump-row';
import { readSqlDump } from './sql-dump';

async function* inChunks(text: string | Buffer, size: number) {
  const bytes = Buffer.from(text as string);
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

interface Read extends DumpEnd {
  readonly found: DumpRow[];
  readonly shape: Map<string, readonly string[]>;
}

async function read(text: string | Buffer, size = 1 << 20, wanted = ['auth_group', 'auth_user']): Promise<Read> {
  const shape = new Map<string, readonly string[]>();
  const rows = readSqlDump(inChunks(text, size), { wants: (table) => wanted.includes(table), shape });
  const found: DumpRow[] = [];
  for (let next = await rows.next(); ; next = await rows.next()) {
    if (next.done) return { ...next.value, found, shape };
    found.push(...next.value);
  }
}

const dump = (body: string) =>
  `--\n-- PostgreSQL database dump\n--\n\n\\restrict abc\n\nSET client_encoding = 'UTF8';\n` +
  `SET standard_conforming_strings = on;\n\n${body}\n\n--\n-- PostgreSQL database dump complete\n--\n\n`;

const created =
  'CREATE TABLE public.auth_group (\n    id integer NOT NULL,\n    name character varying(150) NOT NULL,\n' +
  '    "default" numeric(4,2),\n    CONSTRAINT c CHECK ((id >= 0))\n);\n';

const blocks = dump(
  [
    'COPY public.dcim_cable (id, label) FROM stdin;',
    "1\tit's; $$ -- COPY public.auth_group (id) FROM stdin;",
    '\\.',
    '',
    'COPY public.auth_group (id, name, "default") FROM stdin;',
    String.raw`1	a\tb\nc\\d\re\b\f\v	\N`,
    String.raw`2		\\x00ff`,
    "\u00e4\u{1f511}\t--;'\tx",
    String.raw`\.`,
  ].join('\n'),
);

const expected = [
  { id: '1', name: 'a\tb\nc\\d\re\b\f\v', default: null },
  { id: '2', name: '', default: String.raw`\x00ff` },
  { id: '\u00e4\u{1f511}', name: "--;'", default: 'x' },
];

test.each([1, 2, 7, 64, 1 << 20])('COPY blocks are read with their escapes, %d bytes at a time', async (size) => {
  const { found, rows, cutOff, shape } = await read(blocks, size);
  expect(found.map(({ values }) => values)).toEqual(expected);
  expect(found.map(({ table }) => table)).toEqual(['auth_group', 'auth_group', 'auth_group']);
  expect({ rows, cutOff }).toEqual({ rows: 4, cutOff: undefined });
  expect([...shape]).toEqual([['auth_group', ['id', 'name', 'default']]]);
});

test('a row tells its number and its line', async () => {
  const { found } = await read(blocks);
  const lines = blocks.split('\n');
  expect(found[1]).toMatchObject({ pk: '2', place: `line ${lines.findIndex((line) => line.startsWith('2\t')) + 1}` });
});

test('lines that end as those of Windows do are the same rows', async () => {
  const { found } = await read(blocks.replaceAll('\n', '\r\n'));
  expect(found.map(({ values }) => values)).toEqual(expected);
});

test.each([
  ['one row a statement', ["(1, 'a', 2.5);", "(-2, 'it''s; \\', NULL);", "(3, 'two\nlines\r\n--', '');"]],
  ['rows that share a statement', ["\n\t(1, 'a', 2.5),\n\t(-2, 'it''s; \\', NULL),\n\t(3, 'two\nlines\r\n--', '');"]],
  [
    'casts and escapes',
    ["(1::integer, E'\\u0061'::text, 2.5);", "(-2, E'it\\'s; \\\\', null);", "(3, E'two\\nlines\\r\\n--', '');"],
  ],
])('INSERT statements are read, with and without names of columns: %s', async (_, tuples) => {
  const named = tuples.map((tuple) => `INSERT INTO public.auth_group (id, name, "default") VALUES ${tuple}\n`).join('');
  const bare = tuples.map((tuple) => `INSERT INTO public.auth_group VALUES ${tuple}\n`).join('');
  const others = "INSERT INTO public.dcim_cable VALUES (1, 'INSERT INTO auth_group VALUES (9, ''x'', NULL);');\n";
  const wanted = [
    { id: '1', name: 'a', default: '2.5' },
    { id: '-2', name: "it's; \\", default: null },
    { id: '3', name: 'two\nlines\r\n--', default: '' },
  ];
  for (const size of [1, 5, 1 << 20]) {
    const [one, two] = [await read(dump(others + named), size), await read(dump(created + others + bare), size)];
    expect([one.found.map(({ values }) => values), two.found.map(({ values }) => values)]).toEqual([wanted, wanted]);
    expect([one.cutOff, two.cutOff]).toEqual([undefined, undefined]);
  }
});

test('a backslash ends no text, unless the dump says that it does', async () => {
  const text =
    "INSERT INTO auth_group (id, name) VALUES (1, 'a\\');\nINSERT INTO auth_group (id, name) VALUES (2, 'b');\n";
  expect((await read(dump(text))).found.map(({ values }) => values.name)).toEqual(['a\\', 'b']);
  const old = "SET standard_conforming_strings = off;\nINSERT INTO auth_group (id, name) VALUES (1, 'a\\'\\\\');\n";
  expect((await read(old)).found.map(({ values }) => values.name)).toEqual(["a'\\"]);
});

test('bodies of functions, comments and quoted names are passed over', async () => {
  const traps = [
    'CREATE FUNCTION f() RETURNS text AS $_$',
    "BEGIN RETURN 'a;'; END; COPY public.auth_group (id) FROM stdin;",
    '$_$ LANGUAGE sql;',
    "COMMENT ON TABLE x IS 'one;\nCOPY public.auth_group (id) FROM stdin;\n2';",
    '/* one; \n two */ SELECT "a;b\'c";',
    "SELECT 'x'; INSERT INTO auth_group (id, name) VALUES (1, 'a'); -- '",
  ];
  const { found, cutOff } = await read(dump(traps.join('\n')));
  expect(found.map(({ values }) => values)).toEqual([{ id: '1', name: 'a' }]);
  expect(cutOff).toBeUndefined();
});

test.each([
  ['COPY public.auth_group (id, name) FROM stdin;\n1\ta\n2\tb', 2, 'within the table auth_group'],
  ["INSERT INTO auth_group (id, name) VALUES (1, 'a", 0, 'within the statement that begins in line 1'],
  ['-- PostgreSQL database dump\nCOPY public.auth_group (id, name) FROM stdin;\n1\ta\n\\.\n', 1, /^after line 4/],
])('a dump that is cut off is recognised: %j', async (text, rows, cutOff) => {
  expect(await read(text)).toMatchObject({ rows, cutOff: expect.stringMatching(cutOff) });
});

test('what is wrong with a row is told of that row, without its values, and the others are read', async () => {
  const rows = Buffer.concat([
    Buffer.from('COPY auth_group (id, name) FROM stdin;\n1\ta\n2\tsecret\tmore\n3\t'),
    Buffer.from([0xc3, 0x28]),
    Buffer.from("\n4\td\n\\.\nINSERT INTO auth_user (id, username) VALUES (5, upper('secret')), (6, 'b');\n"),
  ]);
  const { found } = await read(rows);
  expect(found.map(({ fault, values }) => fault ?? values.id)).toEqual([
    '1',
    'has 3 columns instead of 2',
    'is not UTF-8',
    '4',
    'holds something that is no plain value',
  ]);
  expect(JSON.stringify(found)).not.toContain('secret');
});

test.each([
  ['dump-columns', "INSERT INTO auth_group VALUES (1, 'a');\n"],
  ['dump-encoding', "SET client_encoding = 'LATIN1';\n"],
  [
    'dump-databases',
    '\\connect one\nCOPY public.auth_group (id) FROM stdin;\n\\.\n\\connect two\nCOPY public.auth_group (id) FROM stdin;\n\\.\n',
  ],
])('a dump that cannot be read as a whole is %s, with a remedy', async (code, text) => {
  await expect(read(text)).rejects.toMatchObject({ code, remedy: expect.stringMatching(/\w/) });
});
