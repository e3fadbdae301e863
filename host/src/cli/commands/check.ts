import type { Client } from '../client';
import type { Call, CommandSpec, OptionSpec, Report } from '../command';
import { CommandError } from '../exit-codes';
import { fieldsOf, type Shown } from '../output';
import { addressOf, attachedGroup, find, findObject, slotsOf, type ObjectRow } from '../rows';

interface CheckAnswer {
  readonly result: boolean;
  readonly message: string;
}

interface ExplainAnswer {
  readonly allowed: boolean;
  readonly provider?: string;
  readonly parameters?: Readonly<Record<string, unknown>>;
  readonly steps: readonly { readonly step: string; readonly result: string; readonly detail: string }[];
}

interface Verb {
  readonly summary: string;
  readonly yes: (answer: never) => boolean;
  readonly show: (answers: readonly (readonly [label: string, answer: never])[]) => readonly Shown[];
}

/** What differs between the two verbs; they are asked for in the same way. */
const verbs: Readonly<Record<'check' | 'explain', Verb>> = {
  check: {
    summary: 'fetch and discard the value of',
    yes: ({ result }: CheckAnswer) => result,
    show: (answers: readonly (readonly [string, CheckAnswer])[]) => [
      {
        columns: ['checked', 'result', 'message'],
        rows: answers.map(([label, { result, message }]) => [label, result ? 'yes' : 'no', message]),
      },
    ],
  },
  explain: {
    summary: 'show each step of the read, without the fetch, of',
    yes: ({ allowed }: ExplainAnswer) => allowed,
    show: (answers: readonly (readonly [string, ExplainAnswer])[]) =>
      answers.flatMap(([label, { steps, parameters }], at): Shown[] => [
        ...(answers.length > 1 ? [`${at > 0 ? '\n' : ''}${label}`] : []),
        {
          columns: ['step', 'result', 'detail'],
          rows: steps.map(({ step, result, detail }) => [step, result, detail]),
        },
        ...(parameters ? [fieldsOf({ parameters })] : []),
      ]),
  },
};

type VerbName = keyof typeof verbs;

interface SlotAddress {
  readonly access_type: string;
  readonly secret_type: string;
}

const objectOption: OptionSpec = ['--object <object>', 'for this object: TYPE/NAME or an id'];
const bodyOf = (object: ObjectRow | undefined) => (object ? { object: { id: object.id } } : {});

async function objectOf({ client, maybe }: Call): Promise<ObjectRow | undefined> {
  const key = maybe('object');
  return key === undefined ? undefined : findObject(client, key);
}

function report(verb: VerbName, answers: readonly (readonly [string, unknown])[], json: unknown): Report {
  const { yes, show } = verbs[verb];
  const all = answers.every(([, answer]) => yes(answer as never));
  return { json, shown: show(answers as never), ending: all ? 'ok' : 'no' };
}

/** One slot, named or, when none is, each that is filled. */
async function ofGroup(verb: VerbName, call: Call, group: string, object: ObjectRow | undefined): Promise<Report> {
  const { client } = call;
  const ask = ({ access_type, secret_type }: SlotAddress) =>
    client.request<object>('POST', `${addressOf('group', group)}${verb}/`, {
      access_type,
      secret_type,
      ...bodyOf(object),
    });
  const named = namedSlot(call);
  if (named) {
    const answer = await ask(named);
    return report(verb, [[labelOf(named), answer]], answer);
  }
  const slots = await filledSlots(client, group);
  const answers = await Promise.all(slots.map(ask));
  const json = slots.map(({ access_type, secret_type }, at) => ({ access_type, secret_type, ...answers[at] }));
  return report(
    verb,
    slots.map((slot, at) => [labelOf(slot), answers[at]]),
    json,
  );
}

const labelOf = ({ access_type, secret_type }: SlotAddress) => `${access_type} ${secret_type}`;

function namedSlot({ maybe }: Call): SlotAddress | undefined {
  const [access_type, secret_type] = [maybe('accessType'), maybe('secretType')];
  if (access_type === undefined) return undefined;
  if (secret_type !== undefined) return { access_type, secret_type };
  throw new CommandError('usage', 'A slot is an access type and a secret type.', `Write ${access_type} password.`);
}

async function filledSlots(client: Client, group: string) {
  const slots = await slotsOf(client, group);
  if (slots.length > 0) return slots;
  const remedy = 'Fill one: latchkey group set GROUP ACCESS_TYPE SECRET_TYPE SECRET';
  throw new CommandError('not-found', 'The group has no slot that is filled.', remedy);
}

function commandsOf(verb: VerbName): CommandSpec[] {
  const { summary } = verbs[verb];
  return [
    {
      usage: `${verb} secret <secret>`,
      summary: `${summary} a secret`,
      options: [objectOption],
      examples: [`${verb} secret "Git token"`, `${verb} secret "SSH password" --object dcim.device/csr1`],
      run: async (call) => {
        const { id, name } = await find(call.client, 'secret', call.text('secret'));
        const body = bodyOf(await objectOf(call));
        const answer = await call.client.request('POST', `${addressOf('secret', id)}${verb}/`, body);
        return report(verb, [[name, answer]], answer);
      },
    },
    {
      usage: `${verb} group <group> [access-type] [secret-type]`,
      summary: `${summary} a slot of a group, or of all its slots`,
      options: [objectOption],
      examples: [
        `${verb} group core-routers SSH password --object dcim.device/csr1`,
        `${verb} group core-routers --object dcim.device/csr1`,
      ],
      run: async (call) => {
        const { id } = await find(call.client, 'group', call.text('group'));
        return ofGroup(verb, call, id, await objectOf(call));
      },
    },
    {
      usage: `${verb} object <object> [access-type] [secret-type]`,
      summary: `${summary} a slot of the group attached to an object, or of all its slots`,
      examples: [`${verb} object dcim.device/csr1 SSH password`, `${verb} object dcim.device/csr1 --output json`],
      run: async (call) => {
        const object = await findObject(call.client, call.text('object'));
        return ofGroup(verb, call, attachedGroup(object), object);
      },
    },
  ];
}

/** Checks every filled slot of the group attached to an object. */
export function checkObject(call: Call, object: ObjectRow): Promise<Report> {
  return ofGroup('check', call, attachedGroup(object), object);
}

/** `latchkey check` and `latchkey explain`. */
export const checkCommands: readonly CommandSpec[] = [...commandsOf('check'), ...commandsOf('explain')];
