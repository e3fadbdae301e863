import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CommandSpec } from './command';
import { exitCodeLines, exitCodes } from './exit-codes';
import { commands, createProgram, type Given } from './program';

/** What a command line comes to; the program's own words are kept off the terminal. */
async function read(...parameters: readonly string[]) {
  const seen: { spec: CommandSpec; given: Given }[] = [];
  const said: string[] = [];
  const program = createProgram(async (spec, given) => void seen.push({ spec, given }));
  const quiet = (command: typeof program): void => {
    command.configureOutput({ writeOut: (text) => void said.push(text), writeErr: (text) => void said.push(text) });
    command.commands.forEach((one) => quiet(one as typeof program));
  };
  quiet(program);
  const code = await program.parseAsync(parameters, { from: 'user' }).then(
    () => 'read',
    (error: { code: string }) => error.code,
  );
  return { code, said: said.join(''), usage: seen[0]?.spec.usage, given: seen[0]?.given ?? {} };
}

const wordsOf = (line: string): string[] =>
  [...line.matchAll(/"([^"]*)"|'([^']*)'|(\S+?)(?:'([^']*)')?(?=\s|$)/g)].map((match) => match.slice(1).join(''));
const namesOf = ({ usage }: CommandSpec) => usage.split(' ').filter((word) => !/^[<[]/.test(word));

test.each(commands.flatMap((spec) => spec.examples.map((example) => [example, spec] as const)))(
  'the example "%s" calls its own command',
  async (example, spec) => {
    expect(await read(...wordsOf(example))).toMatchObject({ code: 'read', usage: spec.usage });
  },
);

test.each(commands.map((spec) => [namesOf(spec).join(' '), spec] as const))(
  'latchkey %s --help shows the options and an example',
  async (names, spec) => {
    const { code, said } = await read(...names.split(' '), '--help');
    expect(code).toBe('commander.helpDisplayed');
    expect(said).toContain(`latchkey ${names}`);
    expect(said).toContain(`  latchkey ${spec.examples[0]}`);
    for (const [flags] of spec.options ?? []) expect(said).toContain(flags);
    expect(said).toContain('--output <format>');
  },
);

test('arguments and options are given by name, options that repeat as lists, before and after the words', async () => {
  const { given } = await read(...wordsOf('--output json secret create "a b" --param x=1 --param y=2 --data-dir /d'));
  expect(given).toEqual({ name: 'a b', param: ['x=1', 'y=2'], output: 'json', dataDir: '/d' });
  expect((await read('group', 'unset', 'g', 'SSH', 'key')).given).toMatchObject({
    accessType: 'SSH',
    secretType: 'key',
  });
  expect((await read('object', 'update', 'a.b/c', '--no-group')).given).toMatchObject({ group: false });
  expect((await read('object', 'update', 'a.b/c')).given).not.toHaveProperty('group');
});

test('what only --no-NAME can switch off is not said to be on', async () => {
  expect((await read('user', 'update', 'maria', '--email', 'm@example.net')).given).toEqual({
    user: 'maria',
    email: 'm@example.net',
    output: 'table',
  });
  expect((await read('token', 'create', 'maria')).given).not.toHaveProperty('write');
  expect((await read('user', 'update', 'm', '--no-active', '--superuser')).given).toMatchObject({
    active: false,
    superuser: true,
  });
  const { given } = await read('permission', 'update', 'p', '--no-user', '--user', 'a', '--user', 'b');
  expect(given).toMatchObject({ user: ['a', 'b'] });
});

test('what follows -- is left to the command that is run', async () => {
  const { given } = await read('run', '--group', 'g', '--', 'ls', '--output', 'json', '--group', 'x', '--', '-h');
  expect(given).toMatchObject({
    group: 'g',
    output: 'table',
    command: ['ls', '--output', 'json', '--group', 'x', '--', '-h'],
  });
});

test.each([
  [[], 'commander.help'],
  [['secret'], 'commander.help'],
  [['no-such'], 'commander.unknownCommand'],
  [['secret', 'no-such'], 'commander.unknownCommand'],
  [['secret', 'list', '--no-such'], 'commander.unknownOption'],
  [['secret', 'show'], 'commander.missingArgument'],
  [['secret', 'show', 'a', 'b'], 'commander.excessArguments'],
  [['secret', 'list', '--output', 'xml'], 'commander.invalidArgument'],
])('%j is refused with what to do', async (parameters, code) => {
  const answer = await read(...parameters);
  expect(answer).toMatchObject({ code, usage: undefined });
  expect(answer.said).toMatch(code === 'commander.help' ? /^Usage: latchkey/ : /^latchkey: .*\n.*--help/);
});

describe('the page of the command', () => {
  const page = readFileSync(join(__dirname, '../../../docs/reference/command.md'), 'utf8');

  test('lists every command with its arguments, and no other', () => {
    const listed = [...page.matchAll(/^\| `latchkey ([^`]+)`/gm)].map(([, usage = '']) => usage.replaceAll('\\|', '|'));
    expect(listed.toSorted()).toEqual(commands.map(({ usage }) => usage).toSorted());
  });

  test('lists every exit code as --help does, and no other', () => {
    const listed = [...page.matchAll(/^\| (\d+) \| (.+) \|$/gm)].map(([, code, meaning]) => [Number(code), meaning]);
    expect(listed).toEqual(Object.values(exitCodes));
    expect(exitCodeLines()).toHaveLength(listed.length);
  });
});
