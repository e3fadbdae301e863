import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { removeTemporaryFolders, temporaryFolder } from '../../../../test/support/temporary-folder';
import type { NetboxRecord } from './records/record-kinds';
import type { RowFault } from './records/read-record';
import { openNetboxDump, type SourceFacts } from './source';

afterAll(removeTemporaryFolders);

const fileOf = (content: string | Buffer): string => {
  const path = join(temporaryFolder(), 'dump');
  writeFileSync(path, content);
  return path;
};

async function readAll(content: string | Buffer) {
  const source = await openNetboxDump(fileOf(content));
  const records: (NetboxRecord | RowFault)[] = [];
  const all = source.records();
  let facts: SourceFacts | undefined;
  for (let next = await all.next(); !facts; next = await all.next()) {
    if (next.done) facts = next.value;
    else records.push(next.value);
  }
  return { source, records, facts };
}

const sql = String.raw`--
-- PostgreSQL database dump
--

COPY public.secrets_secret (id, created, last_updated, name, ciphertext, hash, device_id, role_id) FROM stdin;
1	2021-01-02	2021-01-02 03:04:05.678901+02	admin	\\x00ff	h	7	3
2	2021-01-02	2021-01-02 03:04:05-03:30		\\x00f	h	7	3
3	2021-01-02	never		\\x00ff	h	7	3
4	\N	\N		\\x00ff	h	seven	3
5	\N	\N		\N	h	7	3
\.

COPY public.users_objectpermission (id, name, description, enabled, constraints, actions) FROM stdin;
1	one		t	[{"role__slug": "snmp"}]	{view,"a\\"b",NULL}
\.

COPY public.users_objectpermission_groups (id, objectpermission_id, group_id) FROM stdin;
1	1	4
\.

--
-- PostgreSQL database dump complete
--
`;

const secret = {
  kind: 'secret',
  table: 'secrets.secret',
  pk: 1,
  created: '2021-01-02',
  name: 'admin',
  ciphertext: Buffer.from([0, 255]),
  hash: 'h',
  device: 7,
  role: 3,
};

const faults = [
  'secret 2 line 7: ciphertext is no bytes in hex',
  'secret 3 line 8: last_updated is no time',
  'secret 4 line 9: device is no whole number',
  'secret 5 line 10: ciphertext is missing',
];

const lineOf = ({ of, pk, place, problem }: RowFault) => `${of} ${pk} ${place}: ${problem}`;

test.each([
  ['plain', sql],
  ['gzip', gzipSync(sql)],
  ['gzip in two members', Buffer.concat([gzipSync(sql.slice(0, 300)), gzipSync(sql.slice(300))])],
])('rows of SQL become records, and each row that cannot be read is told: %s', async (form, content) => {
  const { source, records, facts } = await readAll(content);
  expect(source).toMatchObject({ format: 'sql', file: { compressed: form !== 'plain' } });
  expect(records.filter(({ kind }) => kind !== 'fault')).toMatchObject([
    { ...secret, last_updated: '2021-01-02T01:04:05.678901Z' },
    { kind: 'permission', constraints: [{ role__slug: 'snmp' }], actions: ['view', 'a"b'], enabled: true },
    { kind: 'permission-group', objectpermission: 1, group: 4 },
  ]);
  expect(records.filter((one) => one.kind === 'fault').map((one) => lineOf(one as RowFault))).toEqual(faults);
  expect(facts.cutOff).toBeUndefined();
  expect([...facts.shape.keys()]).toEqual([
    'secrets.secret',
    'users.objectpermission',
    'users.objectpermission_groups',
  ]);
});

const fields = { created: '2021-01-02', last_updated: '2021-01-02T01:04:05.678Z', name: 'admin', role: 3, hash: 'h' };
const json = JSON.stringify([
  { model: 'secrets.secret', pk: 1, fields: { ...fields, device: 7, ciphertext: 'AP8=' } },
  { model: 'secrets.secret', pk: 2, fields: { ...fields, assigned_object_type: ['dcim', 'device'], ciphertext: 'A*' } },
  {
    model: 'users.objectpermission',
    pk: 1,
    fields: { name: 'one', enabled: true, actions: '["view"]', constraints: null, groups: [['ops'], 4], users: [] },
  },
  { model: 'auth.user', fields: { username: 'ann', is_superuser: false, is_active: true, groups: [['ops']] } },
]);

test('rows of dumpdata become the same records, their lists become records too', async () => {
  const { source, records, facts } = await readAll(json);
  expect(source.format).toBe('dumpdata');
  expect(records).toMatchObject([
    { ...secret, last_updated: '2021-01-02T01:04:05.678Z' },
    { kind: 'fault', of: 'secret', pk: 2, place: 'row 2', problem: 'ciphertext is no bytes in base64' },
    { kind: 'permission', pk: 1, constraints: undefined, actions: ['view'] },
    { kind: 'permission-group', objectpermission: 1, group: ['ops'] },
    { kind: 'permission-group', objectpermission: 1, group: 4 },
    { kind: 'user', pk: undefined, username: 'ann' },
    { kind: 'membership', user: ['ann'], group: ['ops'] },
  ]);
  expect(facts).toMatchObject({ rows: 4 });
});

test('a gzip file that is cut off is read as far as it goes, and said to be', async () => {
  // What does not compress is lost from the place of the cut on.
  const noise = Buffer.from(Array.from({ length: 90_000 }, (_, at) => (at * at * 31 + (at >> 3)) & 0x3f)).toString(
    'hex',
  );
  const zipped = gzipSync(`${sql.slice(0, sql.lastIndexOf('COPY'))}COPY public.x (id) FROM stdin;\n${noise}\n\\.\n`);
  const { records, facts } = await readAll(zipped.subarray(0, -200));
  expect(records.filter(({ kind }) => kind === 'permission')).toHaveLength(1);
  expect(facts.cutOff).toBe('within the table x');
});

test('only the kinds that are asked for are read, and a source is read as often as one likes', async () => {
  const source = await openNetboxDump(fileOf(sql));
  for (let round = 0; round < 2; round += 1) {
    const kinds = [];
    for await (const { kind } of source.records(['permission'])) kinds.push(kind);
    expect(kinds).toEqual(['permission']);
  }
});

test('progress reaches the size of the file', async () => {
  const path = fileOf(gzipSync(sql));
  let passed = 0;
  const source = await openNetboxDump(path, { onRead: (bytes) => (passed = bytes) });
  await source.records().next();
  expect(passed).toBe(source.file.size);
});

test.each([
  ["pg_dump's custom format", 'PGDMP\x01'],
  ['a zip file', 'PK\x03\x04'],
  ['YAML', '- model: auth.user\n  pk: 1\n'],
  ['text in UTF-16', Buffer.from('\ufeff[{}]', 'utf16le')],
  ['an empty file', ''],
  ['an empty file', gzipSync('')],
  ['it is neither SQL nor JSON', 'hello'],
])('a file that is %s is refused with a remedy', async (found, content) => {
  await expect(openNetboxDump(fileOf(content))).rejects.toMatchObject({
    code: 'dump-format',
    message: expect.stringContaining(found),
    remedy: expect.stringContaining('pg_dump'),
  });
});

test('a file that is not there, and one whose compression is damaged, are told', async () => {
  await expect(openNetboxDump(join(temporaryFolder(), 'none'))).rejects.toMatchObject({ code: 'dump-file' });
  const zipped = gzipSync(sql);
  zipped.fill(0xff, 60, 90);
  await expect(readAll(zipped)).rejects.toMatchObject({ code: 'dump-damaged' });
});
