import { runChild } from '../child';
import type { Call, CommandSpec } from '../command';
import { CommandError } from '../exit-codes';
import { attachedGroup, find, findObject, slotsOf, type ObjectRow } from '../rows';
import {
  checkVariables,
  readVariable,
  slotLabel,
  variableOf,
  variableText,
  type GivenValue,
  type SlotName,
  type Variable,
} from '../variables';

async function groupOf({ client, maybe }: Call, object: ObjectRow | undefined): Promise<string> {
  const group = maybe('group');
  if (group !== undefined) return (await find(client, 'group', group)).id;
  if (object) return attachedGroup(object);
  throw new CommandError('usage', 'run needs a group.', 'Name --group GROUP, or --object TYPE/NAME that has one.');
}

async function variablesOf({ client, list, maybe }: Call, group: string): Promise<readonly Variable[]> {
  const named = list('env').map(readVariable);
  if (named.length > 0) return checkVariables(named);
  const slots = await slotsOf(client, group);
  if (slots.length === 0) {
    const remedy = 'Fill one: latchkey group set GROUP ACCESS_TYPE SECRET_TYPE SECRET';
    throw new CommandError('not-found', 'The group has no slot that is filled.', remedy);
  }
  return checkVariables(slots.map((slot) => ({ name: variableOf(slot, maybe('prefix')), slot })));
}

type Outcome = { readonly text: string } | { readonly failure: CommandError };

/** One request a slot, so that a failure names its slot; each read is on record. */
async function read({ client }: Call, group: string, object: ObjectRow | undefined, slot: SlotName): Promise<Outcome> {
  const body = {
    group,
    ...(object && { object: { id: object.id } }),
    slots: [{ access_type: slot.access_type, secret_type: slot.secret_type }],
  };
  try {
    const { values } = await client.request<{ readonly values: readonly GivenValue[] }>('POST', '/local/values/', body);
    const text = values[0] && variableText(values[0]);
    if (text !== undefined) return { text };
    const remedy = 'Variables hold text without NUL; leave the slot out with --env.';
    return { failure: new CommandError('no', 'its value does not fit into a variable', remedy) };
  } catch (error) {
    if (error instanceof CommandError) return { failure: error };
    throw error;
  }
}

async function valuesOf(call: Call, group: string, object: ObjectRow | undefined, variables: readonly Variable[]) {
  const outcomes = await Promise.all(variables.map(({ slot }) => read(call, group, object, slot)));
  const failures = outcomes.flatMap((outcome, at) => {
    const slot = variables[at]?.slot;
    return 'failure' in outcome && slot ? [{ slot, failure: outcome.failure }] : [];
  });
  const [first] = failures;
  if (first) {
    const lines = failures.map(({ slot, failure }) => `  ${slotLabel(slot)}: ${failure.message}`);
    const message = ['The command was not started; there is no value for', ...lines].join('\n');
    throw new CommandError(first.failure.ending, message, first.failure.remedy);
  }
  return Object.fromEntries(
    variables.map(({ name }, at) => [name, (outcomes[at] as { readonly text: string }).text] as const),
  );
}

/** `latchkey run`: a child process with secrets in its environment. */
export const runCommand: CommandSpec = {
  usage: 'run <command...>',
  summary: 'run a command with the secrets of a group as environment variables',
  options: [
    ['--group <group>', 'the group; the one attached to the object when not given'],
    ['--object <object>', 'for this object: TYPE/NAME or an id'],
    ['--prefix <text>', 'before the name of each variable'],
    ['--env <NAME=ACCESS_TYPE/SECRET_TYPE>', 'this slot as this variable, and no others than so named', 'repeat'],
  ],
  examples: [
    'run --object dcim.device/csr1 -- ./backup.sh',
    'run --group core-routers --object dcim.device/csr1 --prefix CSR1_ -- env',
    'run --group db --env PGPASSWORD=Generic/password -- psql -h db.example.net',
  ],
  more: () =>
    [
      'A slot gives ACCESS-TYPE_SECRET-TYPE in capitals: SSH password is SSH_PASSWORD, HTTP(S) private-key is',
      'HTTPS_PRIVATE_KEY. If one value cannot be had, the command is not started. Its exit code is the exit code.',
    ].join('\n'),
  async run(call) {
    const key = call.maybe('object');
    const object = key === undefined ? undefined : await findObject(call.client, key);
    const group = await groupOf(call, object);
    const values = await valuesOf(call, group, object, await variablesOf(call, group));
    await call.release();
    return { code: await runChild(call.list('command'), values, call.env) };
  },
};
