import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { removeTemporaryFolders, temporaryFolder } from '../../../test/support/temporary-folder';
import { copyTemplate, templateFolder } from './scaffold';

afterAll(removeTemporaryFolders);

const template = templateFolder();
const copy = (name: string, target = join(temporaryFolder(), 'new')) => {
  const files = copyTemplate({ name, target, template, core: 'file:/core' });
  return { target, files, text: (file: string) => readFileSync(join(target, file), 'utf8') };
};

test('the copy bears its own name everywhere, and the template none of it', () => {
  const { files, text } = copy('acme-vault');
  expect(files).toEqual(expect.arrayContaining(['package.json', 'README.md', 'src/acme-vault.js']));
  for (const file of files) expect(text(file)).not.toMatch(/my.?backend|plugin-template/i);
  expect(text('src/acme-vault.js')).toContain("slug: 'acme-vault',\n  name: 'Acme Vault',");
  expect(text('src/index.js')).toContain('acmeVault');
  expect(JSON.parse(text('package.json'))).toMatchObject({
    name: 'acme-vault',
    latchkey: { id: 'acme-vault' },
    devDependencies: { '@latchkey/core': 'file:/core' },
  });
});

test.each(['class', 'read-file', 'parameter'])(
  'the name %s does not take a name of the language or the code',
  (name) => {
    const { text } = copy(name);
    const source = text(`src/${name}.js`);
    const constants = [...source.matchAll(/const (?:\{ ([^}]+) \}|(\w+))/g)].flatMap(
      ([, many, one]) => one ?? many?.split(', '),
    );
    expect(constants).toContain(`${name.replace(/-(.)/, (_, letter: string) => letter.toUpperCase())}Provider`);
    expect(new Set(constants).size).toBe(constants.length);
  },
);

test.each(['', 'Acme', 'a_b', '-a', 'a--b', '../a', 'a/b', '@a/b', 'a'.repeat(101)])('"%s" is no name', (name) => {
  const target = join(temporaryFolder(), 'new');
  expect(() => copy(name, target)).toThrow(expect.objectContaining({ ending: 'usage' }));
  expect(existsSync(target)).toBe(false);
});

test('a name that would put one file over another is refused', () => {
  expect(() => copy('index')).toThrow(expect.objectContaining({ ending: 'usage' }));
});

test('nothing is written over, an empty folder is used', () => {
  const full = temporaryFolder();
  writeFileSync(join(full, 'mine'), 'kept');
  expect(() => copy('acme', full)).toThrow(expect.objectContaining({ ending: 'conflict' }));
  expect(readdirSync(full)).toEqual(['mine']);
  expect(copy('acme', temporaryFolder()).files).not.toEqual([]);
});

test('what was installed or built in the template is not copied', () => {
  const source = temporaryFolder();
  for (const folder of ['node_modules/x', 'dist']) mkdirSync(join(source, folder), { recursive: true });
  for (const file of ['package.json', 'node_modules/x/a.js', 'dist/a.js']) writeFileSync(join(source, file), '{}');
  expect(copyTemplate({ name: 'a', target: join(temporaryFolder(), 'new'), template: source, core: '*' })).toEqual([
    'package.json',
  ]);
});
