import { LatchkeyError, type ErrorRow } from '@latchkey/core';

const row = (message: string, remedy: string): ErrorRow => ({ message, remedy, retriable: false });
const plain = 'Give a plain SQL dump (pg_dump), or the JSON of dumpdata; either may be compressed with gzip.';

/** Why a whole dump cannot be read, by code. What is wrong with one row is told row by row and stops nothing. */
export const dumpErrors = {
  'dump-file': row('The dump cannot be read ({cause}).', 'Check the path and the permissions of the file.'),
  'dump-format': row('This is no dump of NetBox: {found}.', plain),
  'dump-damaged': row('The compressed dump is damaged ({cause}).', 'Copy the file again, or make a new dump.'),
  'dump-encoding': row('The dump is in the encoding {encoding}.', 'Make it with pg_dump --encoding=UTF8.'),
  'dump-columns': row(
    'The dump does not name the columns of {table}.',
    'Make it with pg_dump --column-inserts, or with the schema.',
  ),
  'dump-databases': row('The table {table} is in the dump twice.', 'Make a dump of the database of NetBox alone.'),
  'dump-statement': row('A statement of over {size} MiB begins in line {line}.', 'Make the dump without --inserts.'),
} as const satisfies Record<string, ErrorRow>;

/** A code of {@link dumpErrors}. */
export type DumpErrorCode = keyof typeof dumpErrors;

/** The dump as a whole cannot be read; names no value of any row. */
export class DumpError extends LatchkeyError {
  declare readonly code: DumpErrorCode;

  constructor(code: DumpErrorCode, facts: Readonly<Record<string, string | number>> = {}) {
    const { message, remedy, retriable } = dumpErrors[code];
    const told = message.replace(/\{(\w+)\}/g, (whole, name: string) => String(facts[name] ?? whole));
    super(code, told, remedy, retriable);
  }
}
