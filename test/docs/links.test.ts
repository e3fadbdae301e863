import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { readPage } from './page';

const root = path.resolve(__dirname, '../..');
const pagesIn = (folder: string) =>
  readdirSync(path.join(root, folder))
    .filter((name) => /\.(md|json)$/.test(name))
    .map((name) => path.join(folder, name));

const linked = ['docs/guide', 'docs/reference', 'docs'].flatMap(pagesIn);
const pages = [...linked, ...pagesIn('docs/decisions'), 'README.md', 'CONTRIBUTING.md', 'CHANGELOG.md'].concat(
  'plugins/README.md',
  'plugin-template/README.md',
);

/** The files that a page links to, from the root. */
const targetsOf = (page: string) =>
  [...readPage(page).matchAll(/\]\((?!\w+:|#)([^)#\s]+)/g)].map(([, link]) =>
    path.join(path.dirname(page), link ?? ''),
  );

test('the front page links every guide and every reference page', () => {
  const [, more = ''] = readPage('README.md').split('\n## More\n');
  expect(linked.length).toBeGreaterThan(10);
  expect(linked.filter((page) => !more.includes(`](${page})`))).toEqual([]);
});

test('every decision is in the list of decisions', () => {
  const listed = targetsOf('docs/decisions/README.md');
  expect(pagesIn('docs/decisions').filter((page) => !page.endsWith('README.md'))).toEqual(listed);
});

test.each(pages.filter((page) => page.endsWith('.md')))('the links of %s lead to files', (page) => {
  expect(targetsOf(page).filter((target) => !existsSync(path.join(root, target)))).toEqual([]);
});

test('a link is read as the file that it leads to', () => {
  expect(targetsOf('docs/guide/command.md')).toContain('docs/reference/command.md');
});
