import { fieldsOf, layOut, mayColour, printable } from './output';

test('a table is aligned, without spaces at the ends of lines', () => {
  const table = {
    columns: ['name', 'slug', 'description'],
    rows: [
      ['a', 'longer', ''],
      ['long name', 's', null],
    ],
  };
  expect(layOut(['Rows:', table], false)).toBe(
    'Rows:\nname       slug    description\na          longer\nlong name  s\n',
  );
});

test('fields are shown by their paths, empty objects and lists as JSON', () => {
  const table = fieldsOf({ name: 'a', attributes: { site: { slug: 'x' }, tags: [1], none: {} } });
  expect(layOut([table], false)).toBe(
    'name                  a\nattributes.site.slug  x\nattributes.tags       [1]\nattributes.none       {}\n',
  );
});

test('what was stored cannot steer the terminal, nor break a table', () => {
  const evil = 'a\u001b[2J\u009b1m\u202eb\nc';
  expect(printable(evil)).toBe('a\\x1b[2J\\x9b1m\\u202eb\nc');
  expect(layOut([{ columns: ['name'], rows: [[evil]] }], true)).toBe(
    '\u001b[1mname\u001b[0m\na\\x1b[2J\\x9b1m\\u202eb\\nc\n',
  );
});

test('results have a colour, and names that look like one have none', () => {
  const text = layOut([{ columns: ['name', 'result'], rows: [['no', 'no']] }], true);
  expect(text.split('\n')[1]).toBe('no    \u001b[31mno\u001b[0m');
});

test.each([
  [{ isTTY: true }, {}, true],
  [{ isTTY: false }, {}, false],
  [{}, {}, false],
  [{ isTTY: true }, { NO_COLOR: '1' }, false],
  [{ isTTY: true }, { NO_COLOR: '' }, true],
  [{ isTTY: true }, { TERM: 'dumb' }, false],
])('colours on %j with %j: %s', (stream, env, may) => {
  expect(mayColour(stream, env)).toBe(may);
});
