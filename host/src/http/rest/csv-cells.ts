// What a spreadsheet takes for the beginning of a formula, as OWASP lists it; behind any number of quotes, so that what
// is guarded can always be told from what is not.
const formula = /^'*[=+\-@\t\r\n＝＋－＠]/;

/** A text that no spreadsheet calculates. */
export function guarded(text: string): string {
  return formula.test(text) ? `'${text}` : text;
}

/** The text that was {@link guarded}. */
export function unguarded(text: string): string {
  return text.startsWith("'") && formula.test(text) ? text.slice(1) : text;
}

/** A text as it stands between two commas. */
export function quoted(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** Lines of cells as a CSV file, whose lines end in CR LF; no cell is calculated by a spreadsheet. */
export function csvText(lines: readonly (readonly string[])[]): string {
  return lines.map((cells) => `${cells.map((cell) => quoted(guarded(cell))).join(',')}\r\n`).join('');
}
