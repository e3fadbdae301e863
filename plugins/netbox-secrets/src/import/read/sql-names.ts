const name = String.raw`(?:"(?:[^"]|"")+"|[\p{L}_][\p{L}\p{N}_$]*)`;
const path = new RegExp(`^(?:(${name})\\.)?(${name})$`, 'u');
const one = new RegExp(name, 'gu');

const bare = (text: string): string =>
  text.startsWith('"') ? text.slice(1, -1).replaceAll('""', '"') : text.toLowerCase();

/** A name of SQL, quoted or not, with its schema where it has one. */
export function tableName(text: string): { readonly schema: string; readonly table: string } | undefined {
  const [, schema, table] = path.exec(text.trim()) ?? [];
  return table === undefined ? undefined : { schema: schema === undefined ? '' : bare(schema), table: bare(table) };
}

/** The names of a list of columns. */
export const columnNames = (list: string): string[] => (list.match(one) ?? []).map(bare);

/** The columns of a `CREATE TABLE`, as pg_dump lays it out: one a line. */
export function createdColumns(statement: string): string[] {
  const lines = statement.slice(statement.indexOf('(') + 1).split('\n');
  const begins = new RegExp(`^\\s*(${name})\\s`, 'u');
  const columns = lines.filter((line) => !/^\s*(CONSTRAINT|PRIMARY|UNIQUE|CHECK|FOREIGN|EXCLUDE)\b/.test(line));
  return columns.flatMap((line) => begins.exec(line)?.[1] ?? []).map(bare);
}
