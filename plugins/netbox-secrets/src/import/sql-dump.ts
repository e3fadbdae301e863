import { readLines } from './read/lines';
import type { DumpReader } from './read/dump-row';
import { SqlReader } from './read/sql-reader';

/**
 * Reads a plain dump of PostgreSQL: `COPY` blocks and `INSERT` statements, with or without names of columns. Rows of
 * tables that are not wanted are passed over, so that a large dump takes little more than the time to read it.
 */
export const readSqlDump: DumpReader = async function* (chunks, options) {
  const reader = new SqlReader(options);
  for await (const lines of readLines(chunks)) {
    const rows = lines.flatMap((line) => reader.take(line));
    if (rows.length > 0) yield rows;
  }
  return reader.end();
};
