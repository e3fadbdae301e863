import type { DumpReader, DumpRow, ReadOptions } from './read/dump-row';
import { JsonObjects } from './read/json-objects';

const head = 256;
const model = /"model"\s*:\s*"([\w.]+)"/;

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

interface Row {
  readonly table: string;
  readonly row?: DumpRow;
}

function readRow(object: Buffer, number: number, { wants, shape }: ReadOptions): Row {
  const place = `row ${number}`;
  const begins = model.exec(object.toString('latin1', 0, head))?.[1];
  if (begins !== undefined && !wants(begins)) return { table: begins };
  let value: unknown;
  try {
    value = JSON.parse(object.toString('utf8'));
  } catch {
    const table = begins ?? '';
    return { table, row: { table, pk: undefined, values: {}, place, fault: 'is not JSON' } };
  }
  const { model: named, pk, fields } = value as Record<string, unknown>;
  const table = typeof named === 'string' ? named : '';
  if (table !== '' && !wants(table)) return { table };
  if (table === '' || !isObject(fields))
    return { table, row: { table, pk, values: {}, place, fault: 'is no row of dumpdata' } };
  if (!shape.has(table)) shape.set(table, Object.keys(fields));
  return { table, row: { table, pk, values: fields, place } };
}

/** Reads the JSON of Django's dumpdata, a list or (jsonl) one object a line, without holding more than a row of it. */
export const readDumpdata: DumpReader = async function* (chunks, options) {
  const objects = new JsonObjects();
  let count = 0;
  let last = '';
  for await (const chunk of chunks) {
    const rows: DumpRow[] = [];
    for (const object of objects.take(chunk)) {
      count += 1;
      const { table, row } = readRow(object, count, options);
      last = table;
      if (row) rows.push(row);
    }
    if (rows.length > 0) yield rows;
  }
  const reason = objects.end();
  if (reason === undefined) return { rows: count };
  return { rows: count, cutOff: `${reason}${last === '' ? '' : `, after a row of ${last}`}` };
};
