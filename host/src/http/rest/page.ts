import type { ListQuery } from '../../domain/ports';

/** Nautobot's envelope of one page of a list. */
export interface PageBody {
  readonly count: number;
  readonly next: string | null;
  readonly previous: string | null;
  readonly results: readonly unknown[];
}

/** Wraps a page; the links keep the filters, their names in alphabetical order. */
export function pageBody(
  address: string,
  query: URLSearchParams,
  { limit, offset }: Pick<ListQuery, 'limit' | 'offset'>,
  { count, results }: { readonly count: number; readonly results: readonly unknown[] },
): PageBody {
  const link = (start: number): string => {
    const parameters = new URLSearchParams([...query].filter(([name]) => name !== 'limit' && name !== 'offset'));
    parameters.set('limit', String(limit));
    if (start > 0) parameters.set('offset', String(start));
    parameters.sort();
    return `${address}?${parameters.toString()}`;
  };
  return {
    count,
    next: offset + limit < count ? link(offset + limit) : null,
    previous: offset > 0 ? link(offset - limit) : null,
    results,
  };
}
