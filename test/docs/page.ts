import { readFileSync } from 'node:fs';
import path from 'node:path';

/** The text of a page, by its path in the repository. */
export const readPage = (file: string): string => readFileSync(path.resolve(__dirname, '../..', file), 'utf8');

/** The rows of the tables under one heading, as cells, without the rows that head them. */
export function tableUnder(page: string, heading: string): string[][] {
  const [, after] = page.split(`\n## ${heading}\n`);
  if (after === undefined) throw new Error(`The page has no heading ${heading}`);
  const lines = (after.split('\n## ')[0] ?? '').split('\n');
  const rows = lines.filter((line, i) => line.startsWith('|') && !isRule(line) && !isRule(lines[i + 1] ?? ''));
  return rows.map((line) =>
    line
      .slice(1, -1)
      .split(/(?<!\\)\|/)
      .map((cell) => cell.trim().replaceAll(String.raw`\|`, '|')),
  );
}

/** What stands between the backticks of a cell, as it is; nothing of an empty cell. */
export const codeIn = (cell = ''): string => /^`(.*)`$/.exec(cell)?.[1] ?? '';

const isRule = (line: string): boolean => /^\|( ?-+ ?\|)+$/.test(line);
