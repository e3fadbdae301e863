import { CommanderError } from 'commander';
import { readConfig } from '../config';
import type { Call, CommandSpec, Report } from './command';
import { connect, type Connection, type Notes } from './connect';
import { exitCodes } from './exit-codes';
import { explainFailure } from './failures';
import { layOut, mayColour, printable } from './output';
import { pluginCommands } from './plugin-commands';
import { createProgram, ownWords, type Given } from './program';

type Environment = Readonly<Record<string, string | undefined>>;

const notes: Notes = {
  note: (text) => void process.stderr.write(`${printable(text)}\n`),
  progress(text) {
    if (!process.stderr.isTTY) return () => {};
    process.stderr.write(printable(text));
    return () => void process.stderr.write('\r\u001b[K');
  },
};

/** The `latchkey` command: reads the command line, does what it says, and gives the exit code. */
export async function main(parameters: readonly string[], env: Environment = process.env): Promise<number> {
  process.stdout.on('error', leaveQuietly);
  let code = 0;
  try {
    const act = async (spec: CommandSpec, given: Given): Promise<void> => {
      code = await perform(spec, given, env);
    };
    const program = createProgram(act, pluginCommands(parameters, env, ownWords));
    await program.parseAsync(parameters, { from: 'user' });
    return code;
  } catch (error) {
    // Commander has printed what it says already; a help that was not asked for is a misunderstanding, too.
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : exitCodes.usage[0];
    const failure = explainFailure(error);
    process.stderr.write(failure.text);
    return failure.code;
  }
}

// Who reads a part of a list and leaves, as head does, is no failure.
function leaveQuietly(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error;
  process.exit(0);
}

async function perform(spec: CommandSpec, given: Given, env: Environment): Promise<number> {
  const session = openSession(given, env);
  try {
    const report = await spec.run(session.call);
    print(report, given['output'] === 'json', env);
    return report.code ?? exitCodes[report.ending ?? 'ok'][0];
  } finally {
    await session.call.release();
  }
}

function print({ json, shown = [] }: Report, asJson: boolean, env: Environment): void {
  if (!asJson) process.stdout.write(layOut(shown, mayColour(process.stdout, env)));
  else if (json !== undefined) process.stdout.write(`${JSON.stringify(json, null, 2)}\n`);
}

function openSession(given: Given, env: Environment): { readonly call: Call } {
  let connection: Promise<Connection> | undefined;
  const text = (name: string) => (typeof given[name] === 'string' ? given[name] : undefined);
  const config: Call['config'] = (overrides) => {
    const [file, folder] = [text('config'), text('dataDir')];
    return readConfig(
      { ...env, ...(file !== undefined && { LATCHKEY_CONFIG: file }) },
      { ...overrides, ...(folder !== undefined && { data_dir: folder }) },
    );
  };
  const quiet = { log_level: env['LATCHKEY_LOG_LEVEL'] ?? 'error' };
  const call: Call = {
    env,
    note: notes.note,
    text: (name) => text(name) ?? '',
    maybe: text,
    list: (name) => (Array.isArray(given[name]) ? (given[name] as readonly string[]) : []),
    isOn: (name) => given[name] === true,
    isOff: (name) => given[name] === false,
    config,
    client: {
      async request(...request) {
        connection ??= connect(config(quiet), notes);
        return (await connection).client.request(...request);
      },
    },
    async release() {
      const open = connection;
      connection = undefined;
      // A connection that failed has said so to who asked for it.
      await open?.then(
        ({ close }) => close(),
        () => undefined,
      );
    },
  };
  return { call };
}
