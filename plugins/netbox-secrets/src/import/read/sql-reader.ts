import { DumpError } from '../faults';
import type { DumpEnd, DumpRow, ReadOptions } from './dump-row';
import { CopyBlock } from './sql-block';
import { columnNames, createdColumns, tableName } from './sql-names';
import { scanLine, type OpenQuote } from './sql-scan';
import { readTuples } from './sql-values';

const mebibyte = 1 << 20;
const mostText = 256 * mebibyte;
const copy = /^\s*COPY\s+([^\s(]+)\s*(?:\(([^)]*)\)\s*)?FROM\s+stdin\b/i;
const insert = /^\s*INSERT\s+INTO\s+([^\s(]+)\s*(?:\(([^)]*)\)\s*)?(?:OVERRIDING\s+\w+\s+VALUE\s+)?VALUES\s*/i;
const create = /^\s*CREATE\s+TABLE\s+(?:IF\s+NOT\s+EXISTS\s+)?([^\s(]+)\s*\(/i;
const setting = /^\s*SET\s+(\w+)\s*(?:=|TO)\s*'?([\w-]+)'?\s*$/i;

/** Reads the lines of a plain SQL dump one by one; keeps no more than the statement at hand. */
export class SqlReader {
  readonly #options: ReadOptions;
  #block: CopyBlock | undefined;
  #open: OpenQuote = '';
  #text = '';
  #began = 0;
  #line = 0;
  #rows = 0;
  #database = '';
  #hasEscapes = false;
  #hasMark = false;
  #hasEnd = false;
  readonly #homes = new Map<string, string>();
  readonly #created = new Map<string, string[]>();

  constructor(options: ReadOptions) {
    this.#options = options;
  }

  take(line: Buffer): DumpRow[] {
    this.#line += 1;
    if (this.#block) return this.#takeCopied(line, this.#block);
    const text = line.toString('utf8');
    if (this.#text === '' && this.#isBetween(text)) return [];
    return this.#takeStatements(text);
  }

  end(): DumpEnd {
    const rows = this.#rows;
    if (this.#block) return { rows, cutOff: `within the table ${this.#block.table}` };
    if (this.#text.trim() !== '') return { rows, cutOff: `within the statement that begins in line ${this.#began}` };
    return this.#hasMark && !this.#hasEnd
      ? { rows, cutOff: `after line ${this.#line}, before its last tables` }
      : { rows };
  }

  #takeCopied(line: Buffer, block: CopyBlock): DumpRow[] {
    if (block.isEnd(line)) {
      this.#block = undefined;
      return [];
    }
    this.#rows += 1;
    return block.isWanted ? [block.row(line, this.#line)] : [];
  }

  /** Whether a line between statements is none of SQL, or says nothing. */
  #isBetween(text: string): boolean {
    if (text.startsWith('\\')) {
      this.#database = /^\\connect\s+(?:-\S+\s+)?(\S+)/.exec(text)?.[1] ?? this.#database;
      return true;
    }
    this.#hasMark ||= text.startsWith('-- PostgreSQL database dump') && !text.includes('complete');
    this.#hasEnd ||= text.startsWith('-- PostgreSQL database dump complete');
    return /^\s*(--|$)/.test(text);
  }

  #takeStatements(text: string): DumpRow[] {
    const { ends, open } = scanLine(text, this.#open, this.#hasEscapes);
    this.#open = open;
    const rows: DumpRow[] = [];
    let from = 0;
    for (const end of ends) {
      this.#add(text.slice(from, end));
      rows.push(...this.#finish());
      from = end + 1;
    }
    const rest = text.slice(from);
    if (this.#text !== '' || !/^\s*(--|$)/.test(rest)) this.#add(`${rest}\n`);
    if (open === '' && /\)\s*,\s*$/.test(rest) && insert.test(this.#text)) rows.push(...this.#takeInserted());
    return rows;
  }

  #add(piece: string): void {
    if (this.#text === '') this.#began = this.#line;
    const isWanted = this.#text.length < mebibyte || this.#options.wants(tableOf(this.#text, insert) ?? '');
    if (isWanted) this.#text += piece;
    if (this.#text.length > mostText)
      throw new DumpError('dump-statement', { size: mostText / mebibyte, line: this.#began });
  }

  #finish(): DumpRow[] {
    const rows = insert.test(this.#text) ? this.#takeInserted() : [];
    this.#read(this.#text);
    this.#text = '';
    return rows;
  }

  #read(statement: string): void {
    const [, created] = create.exec(statement) ?? [];
    const [, copied, columns] = copy.exec(statement) ?? [];
    const [, name = '', value = ''] = setting.exec(statement) ?? [];
    if (created !== undefined) this.#create(created, createdColumns(statement));
    if (copied !== undefined) this.#block = this.#blockOf(copied, columns);
    if (/^standard_conforming_strings$/i.test(name)) this.#hasEscapes = /^off$/i.test(value);
    if (/^client_encoding$/i.test(name) && !/^(utf-?8|sql_ascii)$/i.test(value))
      throw new DumpError('dump-encoding', { encoding: value });
  }

  #create(target: string, columns: string[]): void {
    const table = tableName(target)?.table ?? target;
    this.#created.set(target, columns);
    if (this.#options.wants(table)) this.#options.shape.set(table, columns);
  }

  #blockOf(target: string, columns: string | undefined): CopyBlock {
    const table = tableName(target)?.table ?? target;
    if (!this.#options.wants(table)) return new CopyBlock(table, []);
    this.#settle(target, table);
    return new CopyBlock(table, this.#columns(target, table, columns));
  }

  /** Takes the tuples that are whole, and leaves the head of the statement for those that follow. */
  #takeInserted(): DumpRow[] {
    const [head = '', target = '', columns] = insert.exec(this.#text) ?? [];
    const tuples = this.#text.slice(head.length);
    this.#text = head;
    const table = tableName(target)?.table ?? target;
    if (!this.#options.wants(table)) return [];
    this.#settle(target, table, true);
    const block = new CopyBlock(table, this.#columns(target, table, columns));
    const rows = readTuples(tuples, this.#hasEscapes).map((values) => block.rowOf(values, this.#began));
    this.#rows += rows.length;
    return rows;
  }

  #columns(target: string, table: string, list: string | undefined): readonly string[] {
    const columns = list === undefined ? this.#created.get(target) : columnNames(list);
    if (!columns || columns.length === 0) throw new DumpError('dump-columns', { table });
    this.#options.shape.set(table, columns);
    return columns;
  }

  /** A table is in one place of one database; rows of two would be mixed. */
  #settle(target: string, table: string, isRepeated = false): void {
    const home = `${this.#database} ${tableName(target)?.schema ?? ''}`;
    const known = this.#homes.get(table);
    if (known !== undefined && (known !== home || !isRepeated)) throw new DumpError('dump-databases', { table });
    this.#homes.set(table, home);
  }
}

const tableOf = (text: string, form: RegExp): string | undefined => tableName(form.exec(text)?.[1] ?? '')?.table;
