import { isHeaderValue, readHeaders } from './headers';

test('headers are read a line each, without blank lines', () => {
  expect(readHeaders('X-Source: latchkey\r\n\n X-Spaced : no')).toHaveProperty('fault');
  expect(readHeaders('X-Source: latchkey\r\n\nX-Team:  net: ops ')).toEqual({
    headers: { 'x-source': 'latchkey', 'x-team': 'net: ops' },
  });
  expect(readHeaders('')).toEqual({ headers: {} });
});

test.each([
  'no colon',
  ': no name',
  'X Y: a',
  'X-A: ',
  'X-A: a\rX-B: b',
  'X-A: a\u2028X-B: b',
  'X-A: caf\u00e9',
  'X-A: \u560a\u560dX-B: b',
  'X-A: a\u0000',
  'Host: elsewhere.example.net',
  'Content-Length: 0',
  'Transfer-Encoding: chunked',
  'X-Hook-Signature: mine',
  'X-Latchkey-Delivery: mine',
  'X-A: 1\nx-a: 2',
])('%j is refused', (text) => {
  expect(readHeaders(text)).toHaveProperty('fault');
});

test('a credential is sent to the field that keeps it encrypted', () => {
  expect(readHeaders('Authorization: Bearer abc')).toEqual({
    fault: expect.stringContaining('"authorization"') as string,
  });
});

test('what ends a line is no value of a header', () => {
  expect(isHeaderValue('Bearer abc')).toBe(true);
  for (const text of ['', 'a\r\nb', 'a\nb', ' a', 'a\u0085b']) expect(isHeaderValue(text)).toBe(false);
});
