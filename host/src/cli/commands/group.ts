import type { Client } from '../client';
import type { CommandSpec, OptionSpec, Report } from '../command';
import { CommandError } from '../exit-codes';
import type { Shown } from '../output';
import { addresses, addressOf, find, slotsOf, type Row, type SlotRow } from '../rows';
import { changedValueOptions, customValues, valueOptions } from './custom-field';
import { given, listOptions, listRows, removeRow, showRow, something } from './crud';

const options: readonly OptionSpec[] = [
  ['--slug <slug>', 'made from the name otherwise'],
  ['--description <text>', 'what it is for'],
];

function slotTable(group: Row, slots: readonly SlotRow[]): Shown {
  if (slots.length === 0) return 'No slot is filled.';
  const columns = ['access type', 'secret type', 'secret'];
  return { columns, rows: slots.map((slot) => [slot.access_type, slot.secret_type, secretName(group, slot)]) };
}

/** A slot's display ends with the name of its secret, of which it holds the id alone. */
function secretName(group: Row, { display, access_type, secret_type, secret }: SlotRow): string {
  const start = `${group.name}: ${access_type} ${secret_type}: `;
  return display.startsWith(start) ? display.slice(start.length) : secret.id;
}

async function showGroup(client: Client, group: Row): Promise<Report> {
  const slots = await slotsOf(client, group.id);
  return { ...showRow(group, ['', slotTable(group, slots)]), json: { ...group, slots } };
}

const slotArguments = '<group> <access-type> <secret-type>';

/** `latchkey group`: secrets groups and their slots. */
export const groupCommands: readonly CommandSpec[] = [
  {
    usage: 'group list',
    summary: 'list secrets groups',
    options: listOptions,
    examples: ['group list', 'group list --search core --output json'],
    run: (call) => listRows(call, 'group', ['name', 'slug', 'description']),
  },
  {
    usage: 'group show <group>',
    summary: 'show a group and its slots',
    examples: ['group show "Core routers"', 'group show core-routers --output json'],
    run: async ({ client, text }) => showGroup(client, await find(client, 'group', text('group'))),
  },
  {
    usage: 'group create <name>',
    summary: 'create a group',
    options: [...options, ...valueOptions],
    examples: ['group create "Core routers" --description "Everything in the core"'],
    run: async (call) => {
      const { client, text, maybe } = call;
      const about = { name: text('name'), slug: maybe('slug'), description: maybe('description') };
      const body = given({ ...about, custom_fields: await customValues(call) });
      return showRow(await client.request<Row>('POST', addresses.group, body));
    },
  },
  {
    usage: 'group update <group>',
    summary: 'change a group',
    options: [['--name <name>', 'the new name'], ...options, ...changedValueOptions],
    examples: ['group update core-routers --name "Core"'],
    run: async (call) => {
      const { client, text, maybe } = call;
      const { id } = await find(client, 'group', text('group'));
      const about = { name: maybe('name'), slug: maybe('slug'), description: maybe('description') };
      const body = given({ ...about, custom_fields: await customValues(call) });
      return showRow(await client.request<Row>('PATCH', addressOf('group', id), something(body)));
    },
  },
  {
    usage: 'group delete <group>',
    summary: 'delete a group with its slots; the secrets stay',
    examples: ['group delete core-routers'],
    run: async (call) => {
      const row = await find(call.client, 'group', call.text('group'));
      return removeRow(call, 'group', row, row.name);
    },
  },
  {
    usage: `group set ${slotArguments} <secret>`,
    summary: 'fill a slot of a group with a secret, or point it to another one',
    examples: ['group set core-routers SSH password "SSH password"', "group set web 'HTTP(S)' token api-token"],
    run: async ({ client, text }) => {
      const group = await find(client, 'group', text('group'));
      const secret = await find(client, 'secret', text('secret'));
      const slot = { access_type: text('accessType'), secret_type: text('secretType') };
      const [filled] = await slotsOf(client, group.id, slot);
      const answer = filled
        ? await client.request<SlotRow>('PATCH', addressOf('slot', filled.id), { secret: secret.id })
        : await client.request<SlotRow>('POST', addresses.slot, {
            ...slot,
            secrets_group: group.id,
            secret: secret.id,
          });
      return { json: answer, shown: [slotTable(group, [answer])] };
    },
  },
  {
    usage: `group unset ${slotArguments}`,
    summary: 'empty a slot of a group; the secret stays',
    examples: ['group unset core-routers SSH password'],
    run: async (call) => {
      const { client, text } = call;
      const group = await find(client, 'group', text('group'));
      const slot = { access_type: text('accessType'), secret_type: text('secretType') };
      const label = `${slot.access_type} ${slot.secret_type}`;
      const [filled] = await slotsOf(client, group.id, slot);
      if (filled) return removeRow(call, 'slot', filled, label);
      const remedy = 'latchkey group show lists the slots that are filled.';
      throw new CommandError('not-found', `The slot ${label} of "${group.name}" is empty.`, remedy);
    },
  },
];
