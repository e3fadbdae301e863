import { formatOf } from './negotiate';

const both = ['json', 'csv'] as const;
const format = (accept: string | undefined, query: string, offered: readonly ('json' | 'csv')[] = both) =>
  formatOf(accept, new URLSearchParams(query), offered);

test.each([
  [undefined, '', 'json'],
  ['*/*', '', 'json'],
  ['application/json; version=3.0', '', 'json'],
  ['text/csv, application/json', '', 'json'],
  ['text/csv', '', 'csv'],
  ['*/*', 'format=csv', 'csv'],
  [undefined, 'format=csv', 'csv'],
  ['application/json', 'format=json', 'json'],
  ['application/json', 'format=', 'json'],
])('%s and ?%s mean %s', (accept, query, expected) => {
  expect(format(accept, query)).toBe(expected);
});

test.each([
  ['application/xml', '', 'not-acceptable'],
  ['application/json', 'format=csv', 'not-acceptable'],
  ['text/csv', 'format=json', 'not-acceptable'],
  ['application/json', 'format=yaml', 'not-found'],
  ['*/*', 'format=constructor', 'not-found'],
])('%s and ?%s are refused', (accept, query, kind) => {
  expect(() => format(accept, query)).toThrow(expect.objectContaining({ kind }));
});

test('CSV is given by nothing that does not offer it', () => {
  expect(() => format('text/csv', '', ['json'])).toThrow(expect.objectContaining({ kind: 'not-acceptable' }));
  expect(() => format('*/*', 'format=csv', ['json'])).toThrow(expect.objectContaining({ kind: 'not-found' }));
});
