/** What a list of a dump may hold. */
export type Scalar = string | number | boolean | null;

const item = /"((?:[^"\\]|\\[^])*)"|([^,{}"\s][^,{}"]*)/g;

const ofPostgres = (text: string): string[] =>
  [...text.matchAll(item)].flatMap(([, quoted, bare = '']) => {
    if (quoted !== undefined) return quoted.replace(/\\([^])/g, '$1');
    return bare === 'NULL' ? [] : bare;
  });

/** A list of texts: an array of PostgreSQL, `{a,"b c"}`, a list, or a list written as JSON in a text. */
export function textArray(value: string | readonly Scalar[]): readonly string[] | undefined {
  if (typeof value !== 'string')
    return Array.isArray(value) && value.every((part) => typeof part !== 'object') ? value.map(String) : undefined;
  if (/^\{.*\}$/s.test(value)) return ofPostgres(value);
  try {
    const list: unknown = JSON.parse(value);
    return Array.isArray(list) ? list.filter((part) => part !== null).map(String) : undefined;
  } catch {
    return undefined;
  }
}
