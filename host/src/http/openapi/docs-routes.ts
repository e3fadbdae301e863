import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Answer, Content, Route } from '../route';
import { docsPage, docsScript } from './docs-page';
import { describeFile } from './host-descriptions';

const html = 'text/html; charset=utf-8';
const css = 'text/css; charset=utf-8';
const javascript = 'text/javascript; charset=utf-8';

// Scripts and styles of this host alone, and nothing that is written into the page; the page asks this host alone.
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const toDocument: Answer = { status: 302, headers: { Location: '/api/openapi.json' } };

/** The page leads to the document, too: there pynautobot asks for it. */
const leading: Partial<Route> = {
  formats: ['json', 'openapi'],
  openapi: {
    tag: 'Host',
    methods: {
      GET: {
        summary: 'Show the page that this document is browsed on',
        parameters: [
          { name: 'format', in: 'query', description: 'The document itself.', schema: { enum: ['openapi'] } },
        ],
        answers: {
          200: { description: 'The page.', content: { 'text/html': { type: 'string' } } },
          302: { description: 'The document is elsewhere.' },
        },
      },
    },
  },
};

interface File {
  readonly name: string;
  readonly type: string;
  readonly summary: string;
  readonly text: () => string | Promise<string>;
}

const files: readonly File[] = [
  { name: '', type: html, summary: 'Show the page that this document is browsed on', text: () => docsPage },
  { name: 'latchkey.js', type: javascript, summary: 'Show the script of that page', text: () => docsScript },
  fromPackage('swagger-ui.css', css),
  fromPackage('swagger-ui-bundle.js', javascript),
];

/**
 * The pages that show the API to people. They are the same for everybody, so that they need no token; the document that
 * they show does.
 */
export function docsRoutes(): readonly Route[] {
  return files.map(({ name, type, summary, text }) => {
    const headers = { 'Content-Security-Policy': policy, 'Cache-Control': name === '' ? 'no-cache' : 'max-age=3600' };
    return {
      path: `/api/docs/${name}`,
      access: 'anonymous',
      changes: false,
      openapi: describeFile(summary, type.split(';')[0] as string),
      methods: {
        GET: async ({ format }) =>
          format === 'openapi'
            ? toDocument
            : { status: 200, content: { type, text: await text(), headers } satisfies Content },
      },
      ...(name === '' && leading),
    };
  });
}

/** A file of Swagger UI, read when it is first asked for. */
function fromPackage(name: string, type: string): File {
  let read: Promise<string> | undefined;
  const load = (): Promise<string> =>
    readFile(path.join(path.dirname(require.resolve('swagger-ui-dist/package.json')), name), 'utf8');
  return { name, type, summary: `Show ${name} of Swagger UI`, text: () => (read ??= load()) };
}
