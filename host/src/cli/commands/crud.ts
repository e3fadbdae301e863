import type { Call, OptionSpec, Report } from '../command';
import { CommandError } from '../exit-codes';
import { fieldsOf, type Shown } from '../output';
import { addressOf, listOf, type Named, type Page, type Row } from '../rows';

/** The options of every list. */
export const listOptions: readonly OptionSpec[] = [
  ['-q, --search <text>', 'only names that hold this text'],
  ['--limit <number>', 'at most so many (50)'],
  ['--offset <number>', 'after so many'],
];

function natural(call: Call, name: string): string | undefined {
  const text = call.maybe(name);
  if (text === undefined || /^\d{1,9}$/.test(text)) return text;
  throw new CommandError('usage', `--${name} takes a whole number, not "${text}".`, `Write --${name} 100.`);
}

/** Lists rows, one page; the columns are fields of the rows. */
export async function listRows(
  call: Call,
  kind: Named,
  columns: readonly string[],
  filters: Readonly<Record<string, string | undefined>> = {},
): Promise<Report> {
  const page = { limit: natural(call, 'limit'), offset: natural(call, 'offset') };
  const address = listOf(kind, { q: call.maybe('search'), ...filters, ...page });
  const answer = await call.client.request<Page>('GET', address);
  const { count, results } = answer;
  const shown: Shown[] = [{ columns, rows: results.map((row) => columns.map((column) => row[column])) }];
  if (results.length === 0) return { json: answer, shown: [count === 0 ? 'None.' : 'None there.'] };
  if (results.length < count) shown.push(`${results.length} of ${count}; --limit and --offset show others.`);
  return { json: answer, shown };
}

/** Shows a row, without what is of use to programs alone. */
export function showRow(answer: Row, more: readonly Shown[] = []): Report {
  const { url: _url, natural_slug: _natural, display: _display, object_type: _type, ...fields } = answer;
  return { json: answer, shown: [fieldsOf(fields), ...more] };
}

/** Deletes a row. */
export async function removeRow({ client }: Call, kind: keyof typeof labels, { id }: Row, name: string) {
  await client.request('DELETE', addressOf(kind, id));
  return { shown: [`Deleted the ${labels[kind]} "${name}".`] };
}

const labels = { secret: 'secret', group: 'group', object: 'object', slot: 'slot' } as const;

/** A body of what was given; what is undefined is left out. */
export function given(fields: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}

/** Refuses a change of nothing. */
export function something<T extends object>(body: T): T {
  if (Object.keys(body).length > 0) return body;
  throw new CommandError('usage', 'There is nothing to change.', 'Name what to change; --help lists the options.');
}
