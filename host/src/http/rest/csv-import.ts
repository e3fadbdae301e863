import { parse, CsvError } from 'csv-parse/sync';
import type { OpenCollection } from '../../collections/collection';
import { shownField } from '../../collections/collection';
import type { Field, FieldKind } from '../../domain/descriptor';
import { InvalidInput, InvalidRows, type FieldFaults } from '../../domain/failures';
import { itemsOf } from '../../writes/batches';
import { checkBounds } from '../wire/json-bounds';
import { unguarded } from './csv-cells';
import type { CustomColumn } from './csv-custom';

/** The bodies that a CSV file holds, and the line that each begins at. */
export interface CsvBodies {
  readonly bodies: readonly unknown[];
  readonly lines: readonly number[];
}

interface Line {
  readonly cells: readonly string[];
  readonly line: number;
}

type Cell = { readonly value: unknown } | { readonly fault: string };

const asItIs = (text: string): Cell => ({ value: text });
const many = (text: string): Cell => ({ value: recordsOf(text)[0]?.cells ?? [] });

function json(text: string): Cell {
  try {
    return { value: JSON.parse(text) as unknown };
  } catch {
    return { fault: 'Value must be valid JSON.' };
  }
}

/** How the cell of each kind of field is read. */
const kinds = {
  id: asItIs,
  number: (text) => ({ value: Number(text) }),
  text: asItIs,
  choice: asItIs,
  json,
  flag: asItIs,
  datetime: asItIs,
  reference: asItIs,
  secret: asItIs,
  list: many,
  references: many,
  constraint: json,
} as const satisfies Record<FieldKind, (text: string) => Cell>;

const wrong = (message: string): InvalidInput => new InvalidInput({ non_field_errors: [message] });

// As many as a body may have names; each is compared with all others.
const mostColumns = 1000;

/** Reads a CSV file whose headings are those that lists have as CSV; an empty cell says nothing of its field. */
export function readCsv({ type }: OpenCollection, text: string, custom: readonly CustomColumn[]): CsvBodies {
  const [head, ...records] = recordsOf(text);
  if (!head) throw wrong('The file is empty: its first line holds the names of the columns.');
  if (head.cells.length > mostColumns) throw wrong(`Line 1: there are at most ${mostColumns} columns.`);
  itemsOf(records);
  const headings = head.cells.map((name) => name.trim());
  const twice = headings.find((name, index) => headings.indexOf(name) !== index);
  if (twice !== undefined) throw wrong(`Line 1: two columns have the name "${twice.slice(0, 255)}".`);

  const faults: FieldFaults[] = [];
  const bodies = records.map(({ cells, line }) => {
    if (cells.length !== headings.length)
      throw wrong(`Line ${line} has ${cells.length} cells, and there are ${headings.length} columns.`);
    const wrongCells: Record<string, string[]> = {};
    const body: Record<string, unknown> = Object.create(null) as Record<string, unknown>;
    for (const [index, name] of headings.entries()) {
      const given = unguarded(cells[index] ?? '');
      if (given === '') continue;
      const column = custom.find((one) => one.name === name);
      const cell = kinds[column?.kind ?? shownField(type, name)?.kind ?? 'text'](given);
      if ('fault' in cell) wrongCells[name] = [cell.fault];
      else if (column) body.custom_fields = { ...(body.custom_fields as object | undefined), [column.key]: cell.value };
      else put(body, name, cell.value, type.fields);
    }
    faults.push(wrongCells);
    return body;
  });
  checkBounds(bodies);
  const lines = records.map(({ line }) => line);
  if (faults.some((one) => Object.keys(one).length > 0)) throw toldByLine(faults, lines);
  return { bodies, lines };
}

/** `secrets_group__name` is the name of what `secrets_group` refers to, as Nautobot's files have it. */
function put(
  body: Record<string, unknown>,
  name: string,
  value: unknown,
  fields: Readonly<Record<string, Field>>,
): void {
  const [base = '', attribute] = name.split('__', 2);
  const isReference = attribute !== undefined && Object.hasOwn(fields, base) && fields[base]?.kind === 'reference';
  if (isReference) body[base] = { ...(body[base] as object | undefined), [attribute]: value };
  else body[name] = value;
}

function recordsOf(text: string): Line[] {
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

function toldByLine(rows: readonly FieldFaults[], lines: readonly number[]): InvalidInput {
  const told = rows.flatMap((faults, index) =>
    Object.entries(faults).map(([name, found]) => {
      const column = ofTheRow.has(name) ? '' : `, column ${name}`;
      return `Line ${lines[index]}${column}: ${Object.values(found).flat().join(' ')}`;
    }),
  );
  return new InvalidInput({ non_field_errors: told });
}
