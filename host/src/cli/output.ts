/** Rows under headings. */
export interface Table {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly unknown[])[];
}

/** What a command shows a person: lines and tables. */
export type Shown = string | Table;

type Paint = (kind: Tone, text: string) => string;
type Tone = 'heading' | 'good' | 'bad' | 'pale';

const codes: Readonly<Record<Tone, number>> = { heading: 1, good: 32, bad: 31, pale: 33 };
const tones: Readonly<Record<string, Tone>> = {
  yes: 'good',
  ok: 'good',
  loaded: 'good',
  no: 'bad',
  failed: 'bad',
  refused: 'bad',
  bad: 'bad',
  warn: 'pale',
  skipped: 'pale',
};
/** The columns whose words have a colour. */
const coloured = new Set(['result', 'status']);

/** Whether colours may be written: to a terminal, unless NO_COLOR forbids them. */
export function mayColour(stream: { readonly isTTY?: boolean }, env: Readonly<Record<string, string | undefined>>) {
  return stream.isTTY === true && !env['NO_COLOR'] && env['TERM'] !== 'dumb';
}

/** A text that cannot steer a terminal: control characters other than the line feed are spelled out. */
export function printable(text: string): string {
  return text.replace(/[\0-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g, (character) => {
    const code = character.charCodeAt(0).toString(16);
    return code.length > 2 ? `\\u${code.padStart(4, '0')}` : `\\x${code.padStart(2, '0')}`;
  });
}

/** Lays out what is shown. */
export function layOut(shown: readonly Shown[], colour: boolean): string {
  const paint: Paint = (tone, text) => (colour ? `\u001b[${codes[tone]}m${text}\u001b[0m` : text);
  return shown.map((part) => (typeof part === 'string' ? `${printable(part)}\n` : tableText(part, paint))).join('');
}

function tableText({ columns, rows }: Table, paint: Paint): string {
  const cells = rows.map((row) => row.map(cell));
  const headed = columns.some((column) => column !== '');
  const widths = columns.map((column, at) => Math.max(column.length, ...cells.map((row) => row[at]?.length ?? 0)));
  const line = (row: readonly string[], painted: (text: string, at: number) => string) =>
    `${row
      .map((text, at) => painted(text, at) + ' '.repeat(at < row.length - 1 ? (widths[at] ?? 0) - text.length : 0))
      .join('  ')
      .trimEnd()}\n`;
  const word = (text: string, at: number): string => {
    const tone = coloured.has(columns[at] ?? '') ? tones[text] : undefined;
    return tone ? paint(tone, text) : text;
  };
  const heading = headed ? line(columns, (text) => paint('heading', text)) : '';
  return heading + cells.map((row) => line(row, word)).join('');
}

// A line feed inside a cell would break the table.
function cell(value: unknown): string {
  const text = typeof value === 'string' ? value : value === null || value === undefined ? '' : JSON.stringify(value);
  return printable(text).replaceAll('\n', '\\n');
}

/** The fields of something, a line each; an object's own fields by their paths. */
export function fieldsOf(row: Readonly<Record<string, unknown>>): Table {
  return { columns: ['', ''], rows: linesOf(row, '') };
}

function linesOf(row: Readonly<Record<string, unknown>>, path: string): [string, unknown][] {
  return Object.entries(row).flatMap(([name, value]): [string, unknown][] =>
    typeof value === 'object' && value !== null && !Array.isArray(value) && Object.keys(value).length > 0
      ? linesOf(value as Record<string, unknown>, `${path}${name}.`)
      : [[path + name, value]],
  );
}
