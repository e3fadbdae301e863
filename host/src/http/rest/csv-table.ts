import { parse, CsvError } from 'csv-parse/sync';
import { InvalidInput, InvalidRows, type FieldFaults } from '../../domain/failures';
import { itemsOf } from '../../writes/batches';

/** A line of a CSV file, and the line of the text that it begins at. */
export interface CsvLine {
  readonly cells: readonly string[];
  readonly line: number;
}

/** A CSV file whose first line names the columns. */
export interface CsvTable {
  readonly headings: readonly string[];
  readonly records: readonly CsvLine[];
}

// As many as a body may have names; each is compared with all others.
const mostColumns = 1000;

const wrong = (message: string): InvalidInput => new InvalidInput({ non_field_errors: [message] });

/** Reads a CSV file: as many cells in each line as there are headings, no heading twice, and not too many lines. */
export function readCsvTable(text: string): CsvTable {
  const [head, ...records] = csvLines(text);
  if (!head) throw wrong('The file is empty: its first line holds the names of the columns.');
  if (head.cells.length > mostColumns) throw wrong(`Line 1: there are at most ${mostColumns} columns.`);
  itemsOf(records);
  const headings = head.cells.map((name) => name.trim());
  const twice = headings.find((name, index) => headings.indexOf(name) !== index);
  if (twice !== undefined) throw wrong(`Line 1: two columns have the name "${twice.slice(0, 255)}".`);
  for (const { cells, line } of records)
    if (cells.length !== headings.length)
      throw wrong(`Line ${line} has ${cells.length} cells, and there are ${headings.length} columns.`);
  return { headings, records };
}

/** The lines of a text in CSV. */
export function csvLines(text: string): CsvLine[] {
  try {
    const found = parse(text, { bom: true, info: true, relax_column_count: true, skip_empty_lines: true }) as unknown;
    return (found as readonly { readonly record: string[]; readonly info: { readonly lines: number } }[]).map(
      ({ record, info }) => ({ cells: record, line: info.lines - breaksIn(record) }),
    );
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    // The library's own message quotes the file.
    throw wrong(`Line ${String(error['lines'])} cannot be read as CSV.`);
  }
}

const breaksIn = (cells: readonly string[]): number => cells.join('').split(/\r\n|\r|\n/).length - 1;

/** Does what the lines of a file ask for; what is wrong with one is told by its line and its column. */
export async function tellingLines<T>(lines: readonly number[], work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw error instanceof InvalidRows ? toldByLine(error.rows, lines) : error;
  }
}

const ofTheRow = new Set(['non_field_errors', '__all__']);

/** The faults of rows, told by the lines that they come from. */
export function toldByLine(rows: readonly FieldFaults[], lines: readonly number[]): InvalidInput {
  const told = rows.flatMap((faults, index) =>
    Object.entries(faults).map(([name, found]) => {
      const column = ofTheRow.has(name) ? '' : `, column ${name}`;
      return `Line ${lines[index]}${column}: ${Object.values(found).flat().join(' ')}`;
    }),
  );
  return new InvalidInput({ non_field_errors: told });
}
