import type { Route } from '../route';
import { docsRoutes } from './docs-routes';
import { openapiDocument, type DocumentServices } from './document';
import { describeFile } from './host-descriptions';

/** The addresses that describe the others, and themselves: the OpenAPI document, and the pages that show it. */
export function openapiRoutes(services: DocumentServices, others: readonly Route[]): readonly Route[] {
  let text: string | undefined;
  const address: Route = {
    path: '/api/openapi.json',
    access: 'token',
    changes: false,
    openapi: describeFile('Show this document', 'application/json'),
    methods: {
      GET: () => {
        text ??= JSON.stringify(openapiDocument(services, [...others, ...own]));
        return { status: 200, content: { type: 'application/json', text, headers: {} } };
      },
    },
  };
  const own = [address, ...docsRoutes()];
  return own;
}
