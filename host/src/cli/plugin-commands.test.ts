import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { removeTemporaryFolders, temporaryFolder } from '../../../test/support/temporary-folder';
import type { Call } from './command';
import { pluginCommands } from './plugin-commands';
import { createProgram } from './program';

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

describe('a file that a command is given', () => {
  const [lend] = pluginCommands(['library', '--config', file], {}, known);
  const lent = (cardFile: string) =>
    lend?.run({ maybe: (name: string) => (name === 'cardFile' ? cardFile : undefined) } as unknown as Call);

  test('is read, and the failure of the command has its exit code and its remedy', async () => {
    const card = join(temporaryFolder(), 'card');
    writeFileSync(card, 'expired\n');
    const end = { ending: 'refused', message: 'The card is expired.', remedy: 'Ask for a new one.' };
    await expect(lent(card)).rejects.toMatchObject(end);
  });

  test('is named as it is written where it is not there', async () => {
    await expect(lent('/nowhere/card')).rejects.toMatchObject({
      ending: 'usage',
      message: '--card-file /nowhere/card cannot be read (ENOENT).',
    });
  });
});

test('say in the help what the first word stands for, and more at the end', () => {
  const help = createProgram(async () => {}, pluginCommands(['--help', '--config', file], {}, known));
  expect(help.helpInformation()).toMatch(/library +books: where they are, and who has them/);
  const [{ more } = {}] = pluginCommands(['library', '--config', file], {}, known);
  expect(more?.()).toBe('A card is a line of text.');
});
