import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { removeTemporaryFolders, temporaryFolder } from '../../../test/support/temporary-folder';
import { pluginCommands } from './plugin-commands';

const library = join(__dirname, '../../../test/fixtures/extensions/library');
const file = join(temporaryFolder(), 'latchkey.json');
writeFileSync(file, JSON.stringify({ plugins: { enabled: [], folders: [library] } }));
afterAll(removeTemporaryFolders);

const known = new Set(['secret', 'serve']);
const usages = (...parameters: string[]) => pluginCommands(parameters, {}, known).map(({ usage }) => usage);

test.each([
  [['library', 'lend', 'x', '--config', file]],
  [[`--config=${file}`, 'library', 'lend', 'x']],
  [['--data-dir', '/nowhere', `--config=${file}`, 'library', 'lend', 'x']],
  [['--help', '--config', file]],
])('are found with %j', (parameters) => {
  expect(usages(...parameters)).toEqual(['library lend <book>']);
});

test('are not looked for where the command is one of the host', () => {
  expect(usages('secret', 'list', '--config', file)).toEqual([]);
});

test('are none where the configuration is refused, which the command that needs it tells', () => {
  const broken = join(temporaryFolder(), 'broken.json');
  writeFileSync(broken, '{');
  expect(usages('library', '--config', broken)).toEqual([]);
});

test('of a word of the host are refused, with the name of the plugin', () => {
  expect(() => pluginCommands(['nothing', '--config', file], {}, new Set(['library']))).toThrow(library);
});
