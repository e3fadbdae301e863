import { shownField, type OpenCollection } from '../../collections/collection';
import type { Content } from '../route';
import { guarded, quoted } from './csv-cells';
import type { CustomColumn } from './csv-custom';
import type { Shown } from './expand';

/** Rows as CSV, in Nautobot's columns: the natural key, what identifies, then the other fields; lines end in CR LF. */
export function csvOf(collection: OpenCollection, rows: readonly Shown[], custom: readonly CustomColumn[]): Content {
  const { type, fields, naturalKey } = collection;
  const own = (name: string): boolean => shownField(type, name)?.target === undefined;
  const first = naturalKey.filter((name) => own(name) && name !== 'id');
  const identity = ['display', 'id', 'object_type', ...(naturalKey.length > 0 ? ['natural_slug'] : [])];
  const names = [...new Set([...first, ...identity, ...fields])];
  const lines = [
    [...names, ...custom.map(({ name }) => name)],
    ...rows.map((row) => [
      ...names.map((name) => cellOf(row[name])),
      ...custom.map((column) => cellOf(column.valueOf(row))),
    ]),
  ];
  const model = type.name.slice(type.name.indexOf('.') + 1);
  return {
    type: 'text/csv',
    text: lines.map((line) => `${line.map(quoted).join(',')}\r\n`).join(''),
    headers: { 'Content-Disposition': `attachment; filename="latchkey_${model}_data.csv"` },
  };
}

function cellOf(value: unknown): string {
  return typeof value === 'number' ? String(value) : guarded(textOf(value));
}

function textOf(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'string') return value;
  if (typeof value !== 'object') return String(value);
  // A line of cells in a cell, so that no item can be taken for two.
  if (Array.isArray(value)) return value.map((item) => quoted(textOf(item))).join(',');
  if (isRow(value)) return String(value.display ?? value.id);
  return isLabelled(value) ? String(value.value) : spaced(value);
}

function isRow(value: object): value is { readonly id: string; readonly display?: unknown } {
  return 'id' in value && 'object_type' in value && 'url' in value;
}

/** Whether a choice is shown with its label, by which it is not read. */
function isLabelled(value: object): value is { readonly value: unknown } {
  return 'value' in value && 'label' in value && Object.keys(value).length === 2;
}

/** JSON with a space behind each comma and colon, as Python writes it. */
function spaced(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(spaced).join(', ')}]`;
  const members = Object.entries(value).map(([name, inner]) => `${JSON.stringify(name)}: ${spaced(inner)}`);
  return `{${members.join(', ')}}`;
}
