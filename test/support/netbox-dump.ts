/** A row of NetBox as a model has it; a dump of either form is made of such rows. */
export interface ModelRow {
  readonly model: string;
  readonly pk: number;
  readonly fields: Readonly<Record<string, ModelField>>;
}

/** A value of a field: plain, bytes, JSON, a list of texts, a reference, or a list of references. */
export type ModelField =
  | string
  | number
  | boolean
  | null
  | Buffer
  | { readonly json: unknown }
  | { readonly list: readonly string[] }
  | { readonly to: string; readonly pk: number | null }
  | { readonly many: string; readonly pks: readonly number[] };

/** A reference to a row of another model. */
export const to = (model: string, pk: number | null): ModelField => ({ to: model, pk });

/** References to rows of another model, which SQL keeps in a table of their own. */
export const many = (model: string, ...pks: number[]): ModelField => ({ many: model, pks });

const tableOf = (model: string): string =>
  model === 'contenttypes.contenttype' ? 'django_content_type' : model.replace('.', '_');
const wordOf = (model: string): string => model.slice(model.indexOf('.') + 1);

type Table = { columns: string[]; rows: (string | null)[][] };

const isLinks = (field: ModelField): field is { many: string; pks: readonly number[] } =>
  typeof field === 'object' && field !== null && 'many' in field;

function sqlText(field: ModelField): string | null {
  if (field === null || typeof field === 'string') return field;
  if (typeof field === 'boolean') return field ? 't' : 'f';
  if (typeof field === 'number') return String(field);
  if (Buffer.isBuffer(field)) return `\\x${field.toString('hex')}`;
  if ('json' in field) return field.json === null ? null : JSON.stringify(field.json);
  if ('list' in field) return `{${field.list.join(',')}}`;
  return 'to' in field && field.pk !== null ? String(field.pk) : null;
}

function tables(rows: readonly ModelRow[]): Map<string, Table> {
  const made = new Map<string, Table>();
  const add = (name: string, entries: readonly (readonly [string, string | null])[]): void => {
    const table = made.get(name) ?? { columns: entries.map(([column]) => column), rows: [] };
    made.set(name, table);
    table.rows.push(entries.map(([, value]) => value));
  };
  for (const { model, pk, fields } of rows) {
    const plain = Object.entries(fields).filter(([, field]) => !isLinks(field));
    const columns = plain.map(([name, field]) => {
      const isReference = typeof field === 'object' && field !== null && 'to' in field;
      return [isReference ? `${name}_id` : name, sqlText(field)] as const;
    });
    add(tableOf(model), [['id', String(pk)], ...columns]);
    for (const [name, field] of Object.entries(fields)) {
      if (!isLinks(field)) continue;
      const through = `${tableOf(model)}_${name}`;
      if (!made.has(through))
        made.set(through, { columns: ['id', `${wordOf(model)}_id`, `${wordOf(field.many)}_id`], rows: [] });
      for (const other of field.pks) made.get(through)?.rows.push(['1', String(pk), String(other)]);
    }
  }
  return made;
}

const copied = (value: string | null): string =>
  value === null
    ? String.raw`\N`
    : value.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('\r', '\\r').replaceAll('\t', '\\t');

const quoted = (value: string | null): string => (value === null ? 'NULL' : `'${value.replaceAll("'", "''")}'`);

/** A dump as `pg_dump` makes it, of `COPY` blocks, or with `inserts` of statements. */
export function sqlDump(rows: readonly ModelRow[], { inserts = false } = {}): string {
  const parts = [...tables(rows)].map(([table, { columns, rows: all }]) => {
    if (!inserts)
      return [`COPY public.${table} (${columns.map((one) => `"${one}"`).join(', ')}) FROM stdin;`]
        .concat(all.map((row) => row.map(copied).join('\t')))
        .concat('\\.\n')
        .join('\n');
    const created = `CREATE TABLE public.${table} (\n${columns.map((one) => `    "${one}" text`).join(',\n')}\n);\n`;
    const statements = all.map((row) => `INSERT INTO public.${table} VALUES (${row.map(quoted).join(', ')});\n`);
    return created + statements.join('');
  });
  const head = '--\n-- PostgreSQL database dump\n--\n\nSET standard_conforming_strings = on;\n\n';
  return `${head}${parts.join('\n')}\n--\n-- PostgreSQL database dump complete\n--\n`;
}

type Rows = ReadonlyMap<string, ModelRow>;

const fieldsOf = (rows: Rows, { to: model, pk }: { to: string; pk: number | null }): ModelRow['fields'] =>
  rows.get(`${model} ${pk}`)?.fields ?? {};

const naturalKeys: Readonly<Record<string, (fields: ModelRow['fields'], rows: Rows) => unknown[]>> = {
  'auth.user': ({ username }) => [username],
  'auth.group': ({ name }) => [name],
  'contenttypes.contenttype': ({ app_label, model }) => [app_label, model],
  'auth.permission': ({ codename, content_type: type }, rows) => {
    const { app_label, model } = fieldsOf(rows, type as { to: string; pk: number });
    return [codename, app_label, model];
  },
};

/** How {@link dumpdata} writes references. */
export interface DumpdataOptions {
  /** By number, with content types in the dump; otherwise as `--natural-foreign -e contenttypes -e auth.permission`. */
  readonly numbers?: boolean;
  /** Users and groups without their numbers, as `--natural-primary`. */
  readonly primary?: boolean;
}

/** A dump as `manage.py dumpdata` makes it. */
export function dumpdata(
  rows: readonly ModelRow[],
  { numbers = false, primary = false }: DumpdataOptions = {},
): string {
  const byKey: Rows = new Map(rows.map((row) => [`${row.model} ${row.pk}`, row]));
  const reference = (model: string, pk: number): unknown =>
    numbers ? pk : (naturalKeys[model]?.(fieldsOf(byKey, { to: model, pk }), byKey) ?? pk);
  const value = (field: ModelField): unknown => {
    if (field === null || typeof field !== 'object') return field;
    if (Buffer.isBuffer(field)) return field.toString('base64');
    if ('json' in field) return field.json;
    if ('list' in field) return JSON.stringify(field.list);
    if ('many' in field) return field.pks.map((pk) => reference(field.many, pk));
    return field.pk === null ? null : reference(field.to, field.pk);
  };
  const left = numbers ? [] : ['contenttypes.contenttype', 'auth.permission'];
  const objects = rows
    .filter(({ model }) => !left.includes(model))
    .map(({ model, pk, fields }) => ({
      model,
      ...(primary && ['auth.user', 'auth.group'].includes(model) ? {} : { pk }),
      fields: Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, value(field)])),
    }));
  return `${JSON.stringify(objects, undefined, 1)}\n`;
}
