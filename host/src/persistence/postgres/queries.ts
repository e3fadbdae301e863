import { createHash } from 'node:crypto';
import type { ClientBase, Pool } from 'pg';

import { failureOf } from '../failures';
import type { Queryable } from '../statements';

// Statements that an author of filters makes up must not fill the memory of the server.
const mostNamed = 200;
const longestNamed = 4_000;
const names = new Map<string, string>();

/** The name under which each connection keeps a statement prepared; the first so many that come have one. */
function nameOf(text: string): string | undefined {
  const known = names.get(text);
  if (known !== undefined || names.size >= mostNamed || text.length > longestNamed) return known;
  const name = createHash('sha256').update(text).digest('hex').slice(0, 32);
  names.set(text, name);
  return name;
}

/** Asks connections of a pool, or one connection. */
export function queriesOf(source: Pool | ClientBase): Queryable {
  return {
    async query<T>(text: string, parameters: readonly unknown[] = []): Promise<T[]> {
      const name = nameOf(text);
      const { rows } = await source.query({ ...(name !== undefined && { name }), text, values: [...parameters] });
      return rows as T[];
    },
  };
}

/** The same, with failures in the domain's words. */
export function readingsOf(pool: Pool): Queryable {
  const { query } = queriesOf(pool);
  return {
    query: (text, parameters) =>
      query<never>(text, parameters).catch((error: unknown) => {
        throw failureOf(error);
      }),
  };
}
