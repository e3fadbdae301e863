// Both engines must keep what is given: PostgreSQL refuses these two, SQLite cuts at the first.
const loneSurrogate = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/;

/** What is wrong with a text that is to be stored, or undefined; length counts code points. */
export function textFault(text: string, max?: number): string | undefined {
  if (text.includes('\0')) return 'Null characters are not allowed.';
  const lone = loneSurrogate.exec(text);
  if (lone) return `Surrogate characters are not allowed: U+${lone[0].charCodeAt(0).toString(16).toUpperCase()}.`;
  return max !== undefined && text.length > max && [...text].length > max
    ? `Ensure this field has no more than ${max} characters.`
    : undefined;
}
