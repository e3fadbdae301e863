import type { QueryRunner } from 'typeorm';

// A text of JSON is `text` to SQLite and `json` to PostgreSQL; a text that is compared is `varchar`, by code point.
const postgresWords: readonly (readonly [RegExp, string])[] = [
  [/\bvarchar(\(\d+\))?/g, 'varchar$1 COLLATE "C"'],
  [/" text\b/g, '" json'],
  [/" double\b/g, '" double precision'],
  [/" integer\b/g, '" bigint'],
  // An entry of an index holds 2,704 bytes: of texts without end, their start.
  [/\("path", "(text|folded)", "owner_id"\)/g, '("path", left("$1", 200), "owner_id")'],
];

/** A statement that makes or changes a table, written for SQLite, in the words of PostgreSQL. */
export function inPostgresWords(statement: string): string {
  return postgresWords.reduce((text, [sqlite, postgres]) => text.replace(sqlite, postgres), statement);
}

/** Runs statements that say the same on both engines but for the words of their column types. */
export async function runOnBoth(runner: QueryRunner, statements: readonly string[]): Promise<void> {
  const postgres = runner.connection.options.type === 'postgres';
  for (const statement of statements) await runner.query(postgres ? inPostgresWords(statement) : statement);
}
