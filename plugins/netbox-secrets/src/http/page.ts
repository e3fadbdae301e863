import type { ApiRequest } from '@latchkey/host/extend';

const usual = 50;
const most = 1000;

/** The part of a list that is asked for. */
export interface Part {
  readonly limit: number;
  readonly offset: number;
}

const count = (text: string | null): number | undefined =>
  text !== null && /^\d{1,15}$/.test(text) ? Number(text) : undefined;

/** Reads `limit` and `offset` as NetBox does: what is no number is passed over, and 0 asks for as many as there may be. */
export function partOf(query: URLSearchParams, atMost = most): Part {
  const limit = count(query.get('limit')) ?? usual;
  return { limit: Math.min(limit === 0 ? most : limit, atMost), offset: count(query.get('offset')) ?? 0 };
}

/** A page with the addresses of those beside it, which keep every parameter, sorted by their names. */
export function pageOf(
  { publicUrl, query }: Pick<ApiRequest, 'publicUrl' | 'query'>,
  path: string,
  { limit, offset }: Part,
  found: { readonly count: number; readonly results: readonly unknown[] },
) {
  const at = (to: number): string => {
    const others = [...query].filter(([name]) => name !== 'limit' && name !== 'offset');
    const all = [...others, ['limit', String(limit)], ...(to > 0 ? [['offset', String(to)]] : [])];
    const sorted = all.toSorted(([a = ''], [b = '']) => (a < b ? -1 : a > b ? 1 : 0));
    return `${publicUrl}${path}?${new URLSearchParams(sorted as [string, string][]).toString()}`;
  };
  return {
    count: found.count,
    next: offset + limit < found.count ? at(offset + limit) : null,
    previous: offset > 0 ? at(Math.max(0, offset - limit)) : null,
    results: found.results,
  };
}
