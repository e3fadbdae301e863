import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { readConfig, type HostConfig } from '../config';
import type { PluginCommand } from '../extension/command';
import type { Call, CommandSpec } from './command';
import { CommandError } from './exit-codes';
import { readInput } from './inputs';

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The commands of the plugins that the configuration names. They are looked for only where the command line asks for
 * what the host does not have, or for the help of everything; a configuration that is refused has none.
 */
export function pluginCommands(
  parameters: readonly string[],
  env: Environment,
  known: ReadonlySet<string>,
): readonly CommandSpec[] {
  const word = firstWord(parameters);
  if (word !== undefined && known.has(word)) return [];
  const config = configOf(parameters, env);
  return (config ? modulesOf(config) : []).flatMap(({ name, commands }) =>
    commands.map((one) => specOf(one, name, known)),
  );
}

const valued = new Set(['--output', '--data-dir', '--config']);

function firstWord(parameters: readonly string[]): string | undefined {
  return parameters.find((word, at) => !word.startsWith('-') && !valued.has(parameters[at - 1] ?? ''));
}

function configOf(parameters: readonly string[], env: Environment): HostConfig | undefined {
  const at = parameters.findIndex((word) => word === '--config' || word.startsWith('--config='));
  const [, attached] = /^--config=(.*)$/.exec(parameters[at] ?? '') ?? [];
  const file = at < 0 ? undefined : (attached ?? parameters[at + 1]);
  try {
    return readConfig({ ...env, ...(file !== undefined && { LATCHKEY_CONFIG: file }) });
  } catch {
    // Whatever needs the configuration will say what is wrong with it.
    return undefined;
  }
}

interface Commands {
  readonly name: string;
  readonly commands: readonly PluginCommand[];
}

function modulesOf({ root, plugins: { enabled, folders } }: HostConfig): Commands[] {
  const fromRoot = createRequire(path.join(path.resolve(root), 'package.json'));
  const installed = enabled.flatMap((name) => load(name, () => fromRoot.resolve(`${name}/commands`), fromRoot));
  const inFolders = folders.flatMap((folder) => {
    const own = createRequire(path.join(path.resolve(root, folder), 'package.json'));
    return load(folder, () => own.resolve(commandsFile(path.resolve(root, folder))), own);
  });
  return [...installed, ...inFolders];
}

function commandsFile(folder: string): string {
  const { exports = {} } = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8')) as {
    readonly exports?: Readonly<Record<string, unknown>>;
  };
  const target = exports['./commands'];
  return path.join(folder, typeof target === 'string' ? target : './commands.js');
}

function load(name: string, resolve: () => string, require: NodeJS.Require): Commands[] {
  let file: string;
  try {
    file = resolve();
  } catch {
    // A package without commands.
    return [];
  }
  const { commands } = require(file) as { readonly commands?: readonly PluginCommand[] };
  return Array.isArray(commands) ? [{ name, commands: commands as readonly PluginCommand[] }] : [];
}

/** An option or an argument as it is written, for who named a file that is not there. */
function written(name: string, usage: string): string {
  const words = name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  return usage.includes(`<${words}>`) ? `<${words}>` : words;
}

function specOf({ run, more, ...data }: PluginCommand, name: string, known: ReadonlySet<string>): CommandSpec {
  const [word = ''] = data.usage.split(' ');
  if (known.has(word))
    throw new CommandError(
      'refused',
      `The plugin ${name} brings a command "${word}", which is the host's own.`,
      'Leave it out.',
    );
  return {
    ...data,
    ...(more !== undefined && { more: () => more }),
    run: async (call: Call) => {
      const {
        json,
        shown,
        good = true,
      } = await run({
        text: call.text,
        maybe: call.maybe,
        list: call.list,
        isOn: call.isOn,
        fileText: (option) => {
          const file = call.maybe(option);
          return file === undefined ? undefined : readInput(written(option, data.usage), file);
        },
        failure: (kind, message, remedy) => new CommandError(kind, message, remedy),
        note: call.note,
        request: (...request) => call.client.request(...request),
      });
      return { json, ...(shown && { shown }), ...(!good && { ending: 'no' as const }) };
    },
  };
}
