import { DumpError } from '../faults';
import { readChunks, type DumpFile } from './chunks';

/** The forms of a dump that are read. */
export type DumpFormat = 'sql' | 'dumpdata';

const enough = 1 << 16;

const others: readonly (readonly [found: string, begins: RegExp])[] = [
  ["pg_dump's custom format; pg_restore -f makes a plain dump of it", /^PGDMP/],
  ['a tar archive; pg_restore -f makes a plain dump of one of pg_dump', /^[^\0]{1,100}\0[^]{156,}?ustar/],
  ['a zip file', /^PK\x03\x04/],
  ['a bzip2 file', /^BZh/],
  ['an xz file', /^\xfd7zXZ/],
  ['a zstd file', /^\x28\xb5\x2f\xfd/],
  ['text in UTF-16', /^(\xff\xfe|\xfe\xff)/],
  ['XML', /^\s*<\?xml/],
  ['YAML', /^- model: /m],
  ['an empty file', /^\s*$/],
];

const json = /^(\xef\xbb\xbf)?\s*(\[\s*(\{|\]|$)|\{\s*"(model|pk|fields)")/m;
const sql = /^\s*(--|SET |COPY |INSERT INTO |CREATE |BEGIN|\\connect|\\restrict)/m;

/** What a dump begins as; lines before it, such as those that NetBox's images print, do not matter. */
export function formatOf(head: Buffer): DumpFormat {
  const text = head.toString('latin1');
  const found = others.find(([, begins]) => begins.test(text));
  if (found) throw new DumpError('dump-format', { found: found[0] });
  const first = { sql: sql.exec(text)?.index ?? Infinity, dumpdata: json.exec(text)?.index ?? Infinity };
  if (first.sql === first.dumpdata) throw new DumpError('dump-format', { found: 'it is neither SQL nor JSON' });
  return first.sql < first.dumpdata ? 'sql' : 'dumpdata';
}

/** The format of a dump, by its content. */
export async function recogniseFormat(file: DumpFile): Promise<DumpFormat> {
  let head = Buffer.alloc(0);
  for await (const chunk of readChunks(file)) {
    head = Buffer.concat([head, chunk]);
    if (head.length >= enough) break;
  }
  return formatOf(head.subarray(0, enough));
}
