import { indented } from './indent';

const body = { a: [1], b: {} };
const accept = (rest: string) => `application/json${rest}`;
const textOf = (header: string | undefined) => indented({ status: 200, body }, header).content?.text;

test.each([
  ['; indent=4', '{\n    "a": [\n        1\n    ],\n    "b": {}\n}'],
  ['; version=2.9; indent="1"', '{\n "a": [\n  1\n ],\n "b": {}\n}'],
])('JSON is spread over lines for %s', (rest, expected) => {
  expect(textOf(accept(rest))).toBe(expected);
});

test('nobody gets more than eight blanks a step', () => {
  expect(textOf(accept('; indent=9999'))).toBe(JSON.stringify(body, undefined, 8));
});

test.each([undefined, '*/*', accept(''), accept('; indent=0'), accept('; indent=x'), 'text/csv; indent=4'])(
  'JSON stays as it is for %s',
  (header) => {
    const answer = { status: 200, body };
    expect(indented(answer, header)).toBe(answer);
  },
);

test('what is no JSON, and what is nothing, stay as they are', () => {
  const csv = { status: 200, content: { type: 'text/csv', text: 'a,b', headers: {} } };
  const none = { status: 204 };
  expect(indented(csv, accept('; indent=4'))).toBe(csv);
  expect(indented(none, accept('; indent=4'))).toBe(none);
});

test('an answer with a tag gets another one, whose first part still names the state of the row', () => {
  const content = { type: 'application/json', text: '{"a":1}', headers: {} };
  const { headers, content: spread } = indented(
    { status: 200, content, headers: { ETag: '"state.bytes"' } },
    accept('; indent=2'),
  );
  expect(headers).toEqual({ ETag: '"state.bytes-2"' });
  expect(spread?.text).toBe('{\n  "a": 1\n}');
});
