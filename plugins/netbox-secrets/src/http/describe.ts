import type { Route } from '@latchkey/host/extend';

type Described = NonNullable<Route['openapi']>;

/** What the OpenAPI document tells of an address of NetBox; the shapes themselves are told in the reference. */
export function describe(summary: string, methods: readonly string[], path?: Described['path']): Described {
  const statuses: Readonly<Record<string, number>> = { DELETE: 204 };
  const of = (method: string) => ({
    summary,
    description: 'As NetBox has it; see the reference of the encrypted store.',
    answers: { [statuses[method] ?? 200]: { description: 'Done.' } },
  });
  return {
    tag: 'NetBox secrets',
    ...(path && { path }),
    methods: Object.fromEntries(methods.map((method) => [method, of(method)])),
  };
}

/** How the last part of a path is told. */
export const byNumber = { id: { description: 'The number of the row, or its id.', example: '1' } };
