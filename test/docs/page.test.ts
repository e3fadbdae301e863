import { codeIn, tableUnder } from './page';

const page = '# P\n\n## One\n\n| a | b |\n| --- | --- |\n| `x \\| y` | z |\n\nText.\n\n## Two\n\n| c |\n|---|\n| d |\n';

test('a table is read by its heading, without its head and with its escapes undone', () => {
  expect(tableUnder(page, 'One')).toEqual([['`x | y`', 'z']]);
  expect(tableUnder(page, 'Two')).toEqual([['d']]);
});

test('a heading that is not there is an error and no empty table', () => {
  expect(() => tableUnder(page, 'Three')).toThrow('no heading Three');
});

test('code is told from plain text', () => {
  expect([codeIn('`a`'), codeIn('a'), codeIn('')]).toEqual(['a', '', '']);
});
