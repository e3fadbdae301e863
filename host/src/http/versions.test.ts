import { latestVersion, versionOf } from './versions';

const supported = 'Supported versions are: 2.0, 2.1, 2.2, 2.3, 2.4, 3.0, 3.1, 3.2';
const version = (accept: string | undefined, query = '') => versionOf(accept, new URLSearchParams(query));

test.each([
  [undefined, '', latestVersion],
  ['*/*', '', latestVersion],
  ['application/json', '', latestVersion],
  ['application/json; version=3.0', '', '3.0'],
  ['text/html, application/json;q=0.9; version="2.4"', '', '2.4'],
  ['application/json', 'api_version=2.1', '2.1'],
  ['application/json; version=3.1', 'api_version=3.1', '3.1'],
])('%s and ?%s mean %s', (accept, query, expected) => {
  expect(version(accept, query)).toBe(expected);
});

test.each([
  ['application/json; version=0.1', '', 'not-acceptable', `Invalid version "0.1" in "Accept" header. ${supported}`],
  ['*/*', 'api_version=0.1', 'not-found', `Invalid version "0.1" in query parameter. ${supported}`],
  ['*/*', 'api_version=', 'not-found', `Invalid version "" in query parameter. ${supported}`],
  ['*/*', 'api_version=%3Cb%3E', 'not-found', `Invalid version "" in query parameter. ${supported}`],
  [
    'application/json; version=3.1',
    'api_version=3.0',
    'malformed',
    'Version mismatch between "Accept" header and query parameter.',
  ],
])('%s and ?%s are refused', (accept, query, kind, detail) => {
  expect(() => version(accept, query)).toThrow(expect.objectContaining({ kind, detail }));
});

test('a dialect that names no versions says only where the unknown one stood', () => {
  const dialect = { versions: ['2.9'], latest: '2.9', namesNone: true } as const;
  const refuse = () => versionOf('application/json; version=2.5', new URLSearchParams(), dialect);
  expect(refuse).toThrow(expect.objectContaining({ detail: 'Invalid version in "Accept" header.' }));
});
