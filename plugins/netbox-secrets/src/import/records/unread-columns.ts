import { kindSpecs, type Kind } from './record-kinds';

// Of the other kinds only the rows are of interest that these refer to.
const told: readonly Kind[] = [
  ...(['user', 'group', 'token', 'permission', 'user-key', 'role', 'secret'] as const),
  ...(['tag', 'custom-field', 'device', 'virtual-machine', 'change'] as const),
];

/** The columns of imported tables that no record has; what they hold would be lost without a word. */
export function unreadColumns(
  shape: ReadonlyMap<string, readonly string[]>,
): { readonly table: string; readonly columns: readonly string[] }[] {
  return told.flatMap((kind) => {
    const { tables = [], fields = {}, columns = {}, links = {} } = kindSpecs.get(kind) ?? {};
    const read = Object.keys(fields).map((field) => columns[field] ?? field);
    const known = new Set(['id', ...read, ...read.map((column) => `${column}_id`), ...Object.keys(links)]);
    return tables.flatMap((table) => {
      const unread = (shape.get(table) ?? []).filter((column) => !known.has(column));
      return unread.length > 0 ? [{ table, columns: unread }] : [];
    });
  });
}
