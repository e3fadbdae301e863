import { existsSync } from 'node:fs';
import type { ErrorRow } from '@latchkey/core';
import { at, readText } from './support/tree';

type Table = Readonly<Record<string, ErrorRow>>;

/** The error tables: the heading in docs/errors.md, the file, the name that it exports. */
const tables = [
  ['Core', 'core/src/errors.ts', 'coreErrors'],
  ['Host', 'host/src/errors.ts', 'hostErrors'],
  ['Encrypted store', 'plugins/netbox-secrets/src/crypto/faults.ts', 'cryptoErrors'],
] as const;

const cell = (text: string) => text.replaceAll('|', String.raw`\|`).replaceAll('\n', ' ');

const rowOf = (code: string, { message, remedy, retriable }: ErrorRow) =>
  `| \`${code}\` | ${cell(message)} | ${cell(remedy)} | ${retriable ? 'yes' : 'no'} |`;

/** The table rows under one heading, as they are written. */
const documented = (doc: string, heading: string) =>
  (new RegExp(`^## ${heading}\n(.*?)(?=^## |(?![^]))`, 'ms').exec(doc)?.[1] ?? '')
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .toSorted();

const written = tables.filter(([, path]) => existsSync(at(path)));

test.each(written)('docs/errors.md, %s, says what the table says and nothing else', (heading, path, name) => {
  const table = (require(at(path)) as Record<string, Table>)[name] ?? {};
  const rows = Object.entries(table).map(([code, row]) => rowOf(code, row));
  expect(rows.length).toBeGreaterThan(0);
  expect(documented(readText('docs/errors.md'), heading)).toEqual(rows.toSorted());
});

test('no code is in two tables', () => {
  const codes = written.flatMap(([, path, name]) =>
    Object.keys((require(at(path)) as Record<string, Table>)[name] ?? {}),
  );
  expect(codes.filter((code, i) => codes.indexOf(code) !== i)).toEqual([]);
});

test('the reading of the page tells a missing row, and rows of another heading apart', () => {
  const page = '## Core\n\n| code | x |\n| --- | --- |\n| `a` | b |\n\n## Host\n| `c` | d |\n';
  expect(documented(page, 'Core')).toEqual(['| `a` | b |']);
  expect(documented(page, 'Host')).toEqual(['| `c` | d |']);
  expect(documented(page, 'Other')).toEqual([]);
});
