import type { Call, OptionSpec, Report } from '../command';
import { CommandError } from '../exit-codes';
import { fieldsOf, type Shown } from '../output';
import type { Client } from '../client';
import { addressOf, listOf, type Named, type Page, type Reference, type Row } from '../rows';

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
  references: References = {},
): Promise<Report> {
  const page = { limit: natural(call, 'limit'), offset: natural(call, 'offset') };
  const address = listOf(kind, { q: call.maybe('search'), ...filters, ...page });
  const answer = await call.client.request<Page>('GET', address);
  const { count, results } = answer;
  const named = await withNames(call.client, results, references);
  const shown: Shown[] = [{ columns, rows: named.map((row) => columns.map((column) => row[column])) }];
  if (results.length === 0) return { json: answer, shown: [count === 0 ? 'None.' : 'None there.'] };
  if (results.length < count) shown.push(`${results.length} of ${count}; --limit and --offset show others.`);
  return { json: answer, shown };
}

/** The fields of rows that hold other rows, and what those are. */
export type References = Readonly<Record<string, 'user' | 'usergroup'>>;

/** Rows for people: other rows by their names, lists of texts without brackets. */
async function withNames(client: Client, rows: readonly Row[], references: References): Promise<readonly Row[]> {
  const names = new Map<string, string>();
  for (const kind of new Set(Object.values(references))) {
    const fields = Object.keys(references).filter((field) => references[field] === kind);
    const id = [...new Set(rows.flatMap((row) => fields.flatMap((field) => idsIn(row[field]))))];
    // A few at a time, so that the address stays short.
    for (let at = 0; at < id.length; at += 100) {
      const filters = { id: id.slice(at, at + 100), limit: '100' };
      const page = await client.request<Page>('GET', listOf(kind, filters));
      for (const row of page.results) names.set(row.id, String(row['display']));
    }
  }
  const plain = (value: unknown): unknown =>
    Array.isArray(value) && value.every((one) => typeof one === 'string') ? value.join(', ') : value;
  return rows.map((row) => {
    const fields = Object.entries(row).map(([field, value]) => [
      field,
      Object.hasOwn(references, field)
        ? idsIn(value)
            .map((id) => names.get(id) ?? id)
            .toSorted()
            .join(', ')
        : plain(value),
    ]);
    return Object.fromEntries(fields) as Row;
  });
}

function idsIn(value: unknown): readonly string[] {
  return [value ?? []].flat().map((one) => (one as Reference).id);
}

/** Shows a row with the names of the rows that it holds. */
export async function showNamed({ client }: Call, answer: Row, references: References, more: readonly Shown[] = []) {
  const [named = answer] = await withNames(client, [answer], references);
  return { ...showRow(named, more), json: answer };
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

const labels = {
  secret: 'secret',
  group: 'group',
  object: 'object',
  slot: 'slot',
  user: 'user',
  usergroup: 'user group',
  token: 'token',
  permission: 'permission',
  'custom-field': 'custom field',
} as const;

/** What `--NAME` and `--no-NAME` say; undefined where neither was given. */
export function flag({ isOn, isOff }: Call, name: string): boolean | undefined {
  return isOn(name) ? true : isOff(name) ? false : undefined;
}

/** The whole list that an option repeats, empty for `--no-NAME`; undefined where neither was given. */
export function wholeList({ list, isOff }: Call, name: string): readonly string[] | undefined {
  const values = list(name);
  return values.length > 0 ? values : isOff(name) ? [] : undefined;
}

/** A body of what was given; what is undefined is left out. */
export function given(fields: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}

/** Refuses a change of nothing. */
export function something<T extends object>(body: T): T {
  if (Object.keys(body).length > 0) return body;
  throw new CommandError('usage', 'There is nothing to change.', 'Name what to change; --help lists the options.');
}
