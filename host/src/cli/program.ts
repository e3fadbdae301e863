import { Command, Option } from 'commander';
import { version } from '../config';
import type { CommandSpec, OptionSpec } from './command';
import { auditCommands } from './commands/audit';
import { backupCommands } from './commands/backup';
import { checkCommands } from './commands/check';
import { customFieldCommands } from './commands/custom-field';
import { doctorCommand } from './commands/doctor';
import { groupCommands } from './commands/group';
import { hostCommands } from './commands/host';
import { objectCommands } from './commands/object';
import { permissionCommands } from './commands/permission';
import { pluginCommands } from './commands/plugin';
import { runCommand } from './commands/run';
import { secretCommands } from './commands/secret';
import { tokenCommands } from './commands/token';
import { userCommands } from './commands/user';
import { userGroupCommands } from './commands/usergroup';
import { exitCodeLines } from './exit-codes';

/** Every command, in the order of the help. */
export const commands: readonly CommandSpec[] = [
  ...hostCommands,
  ...secretCommands,
  ...groupCommands,
  ...objectCommands,
  ...checkCommands,
  runCommand,
  ...userCommands,
  ...userGroupCommands,
  ...tokenCommands,
  ...permissionCommands,
  ...customFieldCommands,
  ...auditCommands,
  ...backupCommands,
  doctorCommand,
  ...pluginCommands,
];

/** What the first words of longer commands stand for. */
const families: Readonly<Record<string, string>> = {
  secret: 'secrets: which provider has a value, and where; never the value',
  group: 'secrets groups: slots that are filled with secrets',
  object: 'the inventory: what asks for secrets',
  check: 'fetch a value and discard it, to see that it can be had',
  explain: 'show each step of a read, without the fetch',
  user: 'users: who may sign in',
  usergroup: 'groups of users, which permissions can be given to',
  token: 'tokens: the keys that users sign in with',
  permission: 'permissions: who may do what to which rows',
  audit: 'access records: who read what, and when',
  'custom-field': 'custom fields: what an installation adds to its rows',
  plugin: 'plugins: those of the host, and new ones',
};

/** The first words that are the host's own. */
export const ownWords: ReadonlySet<string> = new Set(commands.map(({ usage }) => usage.split(' ')[0] ?? ''));

/** What was read from a command line: arguments and options by name. */
export type Given = Readonly<Record<string, unknown>>;

/** Makes the program of the table, and of the commands of plugins; `act` is called with the command that was named. */
export function createProgram(
  act: (spec: CommandSpec, given: Given) => Promise<void>,
  more: readonly CommandSpec[] = [],
): Command {
  const program = new Command('latchkey')
    .description('Stores where secrets live, and hands them to who may have them.')
    .version(version)
    .addOption(new Option('--output <format>', 'how to print the answer').choices(['table', 'json']).default('table'))
    .option('--data-dir <folder>', 'the data folder of the host (LATCHKEY_DATA_DIR, .latchkey)')
    .option('--config <file>', 'the configuration file (LATCHKEY_CONFIG)')
    .configureHelp({ showGlobalOptions: true })
    .helpCommand(false)
    .exitOverride()
    .showHelpAfterError('  latchkey --help lists the commands and options.')
    .configureOutput({ outputError: (text, write) => write(text.replace(/^error: /, 'latchkey: ')) });
  const names = new Map<string, Command>([['', program]]);
  for (const spec of [...commands, ...more]) add(names, spec, act);
  program.addHelpText(
    'after',
    lines(
      'The command speaks to the host that runs on the data folder, or opens one for itself. It acts as the superuser,',
      'and is recorded.',
      '',
      'Exit codes:',
      ...exitCodeLines(),
      '  For run, the exit code of the command that it ran.',
      '',
      'Examples:',
      '  latchkey secret create "Git token" --provider environment-variable --param variable=GIT_TOKEN',
      '  latchkey check secret "Git token"',
      '  latchkey run --object dcim.device/csr1 -- ./backup.sh',
    ),
  );
  return program;
}

function add(names: Map<string, Command>, spec: CommandSpec, act: Parameters<typeof createProgram>[0]): void {
  const words = spec.usage.split(' ');
  const parameters = words.filter((word) => /^[<[]/.test(word));
  const [last = '', ...path] = words.filter((word) => !/^[<[]/.test(word)).toReversed();
  const command = parentOf(names, path.toReversed(), spec.family)
    .command(last)
    .summary(spec.summary)
    .description(sentence(spec.summary));
  for (const parameter of parameters) command.argument(parameter);
  for (const option of spec.options ?? []) command.addOption(optionOf(option));
  const examples = spec.examples.map((example) => `  latchkey ${example}`);
  const more = spec.more ? ['', spec.more()] : [];
  command.addHelpText('after', lines('Examples:', ...examples, ...more));
  command.showHelpAfterError(`  ${pathOf(command)} --help shows what it takes.`);
  command.action(() => act(spec, givenTo(command)));
}

function parentOf(names: Map<string, Command>, path: readonly string[], word?: string): Command {
  const [name = ''] = path;
  const program = names.get('') as Command;
  const known = names.get(name);
  if (known) return known;
  const summary = families[name] ?? word ?? name;
  const family = program.command(name).description(sentence(summary)).summary(summary);
  family.helpCommand(false).showHelpAfterError(`  ${pathOf(family)} --help lists its commands.`);
  names.set(name, family);
  return family;
}

const lines = (...texts: readonly string[]): string => `\n${texts.join('\n')}`;
const sentence = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;

function pathOf(command: Command): string {
  return command.parent ? `${pathOf(command.parent)} ${command.name()}` : command.name();
}

function optionOf([flags, help, repeat]: OptionSpec): Option {
  const option = new Option(flags, repeat ? `${help} (repeatable)` : help);
  return repeat
    ? option.argParser((value, before: unknown) => [...(Array.isArray(before) ? before : []), value])
    : option;
}

function givenTo(command: Command): Given {
  const parameters = command.registeredArguments.map((parameter, at) => [
    parameter.name().replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase()),
    command.processedArgs[at] as unknown,
  ]);
  // Commander takes what only `--no-NAME` could switch off for switched on; nobody has said so.
  const said = Object.entries(command.optsWithGlobals()).filter(
    ([name, value]) => value !== true || command.getOptionValueSourceWithGlobals(name) !== 'default',
  );
  return Object.fromEntries([...said, ...parameters]);
}
