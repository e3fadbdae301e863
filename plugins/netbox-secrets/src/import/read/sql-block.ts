import type { DumpRow } from './dump-row';
import { copyFields } from './sql-copy';

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const [backslash, dot, carriageReturn] = [0x5c, 0x2e, 0x0d];

/** The rows of one table under one list of columns; one without columns is not wanted. */
export class CopyBlock {
  readonly table: string;
  readonly #columns: readonly string[];

  constructor(table: string, columns: readonly string[]) {
    this.table = table;
    this.#columns = columns;
  }

  get isWanted(): boolean {
    return this.#columns.length > 0;
  }

  isEnd(line: Buffer): boolean {
    return line[0] === backslash && line[1] === dot && (line.length === 2 || line[2] === carriageReturn);
  }

  row(line: Buffer, number: number): DumpRow {
    // A return that belongs to a value is written as \r.
    const bytes = line.at(-1) === carriageReturn ? line.subarray(0, -1) : line;
    let text: string;
    try {
      text = decoder.decode(bytes);
    } catch {
      return this.#faulty(number, 'is not UTF-8');
    }
    return this.rowOf(copyFields(text), number);
  }

  rowOf(values: readonly (string | null)[] | undefined, number: number): DumpRow {
    if (!values) return this.#faulty(number, 'holds something that is no plain value');
    const { length } = this.#columns;
    if (values.length !== length) return this.#faulty(number, `has ${values.length} columns instead of ${length}`);
    const named = Object.fromEntries(this.#columns.map((column, index) => [column, values[index]]));
    return { table: this.table, pk: named.id, values: named, place: `line ${number}` };
  }

  #faulty(number: number, fault: string): DumpRow {
    return { table: this.table, pk: undefined, values: {}, place: `line ${number}`, fault };
  }
}
