import type { OpenCollection } from '../../collections/collection';

/** A body of a change, which cannot take a row out of a collection that is a part of a type's rows. */
export function settled({ within }: OpenCollection, body: unknown): unknown {
  const isRow = within !== undefined && typeof body === 'object' && body !== null && !Array.isArray(body);
  return isRow ? { ...body, ...within } : body;
}
