import { endOfQuoted } from './sql-values';

/** What is open where a line of SQL ends: nothing, a quoted text with or without escapes, a name, a comment, `$tag$`. */
export type OpenQuote = '' | "'" | "E'" | '"' | '/*' | `$${string}$`;

/** What one line of SQL ends and leaves open. */
export interface Scan {
  /** The places of the semicolons that end statements. */
  readonly ends: readonly number[];
  readonly open: OpenQuote;
}

const token = /'|"|--|\/\*|\$(?:[A-Za-z_]\w*)?\$|;/g;

function closes(line: string, from: number, open: OpenQuote): number | undefined {
  if (open === "'" || open === "E'") return endOfQuoted(line, from, open === "E'");
  const mark = open === '/*' ? '*/' : open;
  const at = line.indexOf(mark, from);
  return at < 0 ? undefined : at + mark.length;
}

function openedBy(line: string, mark: string, at: number, hasEscapes: boolean): OpenQuote {
  if (mark !== "'") return mark as OpenQuote;
  return hasEscapes || /(^|\W)e$/i.test(line.slice(Math.max(0, at - 2), at)) ? "E'" : "'";
}

/** Reads one line, of which `open` was left by the line before. */
export function scanLine(line: string, open: OpenQuote, hasEscapes: boolean): Scan {
  const ends: number[] = [];
  let quote = open;
  let at = 0;
  for (;;) {
    if (quote !== '') {
      const end = closes(line, at, quote);
      if (end === undefined) return { ends, open: quote };
      quote = '';
      at = end;
    }
    token.lastIndex = at;
    const found = token.exec(line);
    if (!found || found[0] === '--') return { ends, open: '' };
    if (found[0] === ';') ends.push(found.index);
    else quote = openedBy(line, found[0], found.index, hasEscapes);
    at = found.index + found[0].length;
  }
}
