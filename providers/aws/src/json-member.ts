const token = /"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+/g;

/**
 * The source text of one member of a JSON object, or undefined when `text` is no object or has no such member. What is
 * stored comes out as it was written: parsing would round large numbers. `text` must be valid JSON.
 */
export function jsonMember(text: string, name: string): string | undefined {
  let depth = 0;
  let start = -1;
  let previous = '';
  let isNamed = false;
  let found: string | undefined;
  if (!text.trimStart().startsWith('{')) return undefined;
  for (const match of text.matchAll(token)) {
    const [mark] = match;
    if (depth === 1 && (mark === ',' || mark === '}')) {
      // The last of several members with one name counts, as it does for JSON.parse.
      if (isNamed) found = text.slice(start, match.index).trim();
      isNamed = false;
    }
    if (depth === 1 && mark === ':') {
      start = match.index + 1;
      isNamed = JSON.parse(previous) === name;
    }
    if (mark === '{' || mark === '[') depth += 1;
    if (mark === '}' || mark === ']') depth -= 1;
    previous = mark;
  }
  return found;
}

/** The text of a JSON value: that of a string, and the source of anything else; undefined for null and for nothing. */
export function jsonText(source: string | undefined): string | undefined {
  if (source === undefined || source === 'null') return undefined;
  return source.startsWith('"') ? (JSON.parse(source) as string) : source;
}

/** Whether a text is valid JSON. */
export function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
