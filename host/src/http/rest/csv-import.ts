import type { OpenCollection } from '../../collections/collection';
import { shownField } from '../../collections/collection';
import type { Field, FieldKind } from '../../domain/descriptor';
import type { FieldFaults } from '../../domain/failures';
import { checkBounds } from '../wire/json-bounds';
import { unguarded } from './csv-cells';
import type { CustomColumn } from './csv-custom';
import { csvLines, readCsvTable, toldByLine } from './csv-table';

/** The bodies that a CSV file holds, and the line that each begins at. */
export interface CsvBodies {
  readonly bodies: readonly unknown[];
  readonly lines: readonly number[];
}

type Cell = { readonly value: unknown } | { readonly fault: string };

const asItIs = (text: string): Cell => ({ value: text });
const many = (text: string): Cell => ({ value: csvLines(text)[0]?.cells ?? [] });

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

/** Reads a CSV file whose headings are those that lists have as CSV; an empty cell says nothing of its field. */
export function readCsv({ type }: OpenCollection, text: string, custom: readonly CustomColumn[]): CsvBodies {
  const { headings, records } = readCsvTable(text);
  const faults: FieldFaults[] = [];
  const bodies = records.map(({ cells }) => {
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
