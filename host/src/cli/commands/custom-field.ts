import type { Client } from '../client';
import type { Call, CommandSpec, OptionSpec } from '../command';
import { CommandError } from '../exit-codes';
import { readPair } from '../pairs';
import { addresses, addressOf, find, type Row } from '../rows';
import { flag, given, listOptions, listRows, removeRow, showRow } from './crud';

interface Choice extends Row {
  readonly value: string;
}

/** The options that give a row values of its custom fields. */
export const valueOptions: readonly OptionSpec[] = [['--field <key=value>', 'a value of a custom field', 'repeat']];

/** The same, for a row that is there. */
export const changedValueOptions: readonly OptionSpec[] = [
  ...valueOptions,
  ['--unset-field <key>', 'takes the value of a custom field away', 'repeat'],
];

/** The values that the options give; undefined where they give none. The host reads texts; JSON is read here. */
export async function customValues({ client, list }: Call): Promise<Record<string, unknown> | undefined> {
  const values: Record<string, unknown> = {};
  for (const pair of list('field')) {
    const [key, value] = readPair('field', pair);
    const { type } = await find(client, 'custom-field', key);
    values[key] = (type as { readonly value: string }).value === 'json' ? readJsonValue(key, value) : value;
  }
  for (const key of list('unsetField')) values[key] = null;
  return Object.keys(values).length > 0 ? values : undefined;
}

function readJsonValue(key: string, text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new CommandError(
      'usage',
      `The value of "${key}" is not JSON: ${error.message}.`,
      `Write --field '${key}="text"'.`,
    );
  }
}

const most = 1000;
const choicesAt = '/api/extras/custom-field-choices/';

async function choicesOf(client: Client, { id }: Row): Promise<readonly Choice[]> {
  const { results } = await client.request<{ readonly results: readonly Choice[] }>(
    'GET',
    `${choicesAt}?custom_field=${id}&limit=${most}`,
  );
  return results;
}

async function showField(client: Client, field: Row) {
  const choices = await choicesOf(client, field);
  const table = { columns: ['choice', 'weight'], rows: choices.map(({ value, weight }) => [value, weight]) };
  return { ...showRow(field, choices.length > 0 ? ['', table] : []), json: { ...field, choices } };
}

/** Adds the choices that are named and not there, in their order, and takes away those that are to go. */
async function setChoices({ client, list }: Call, field: Row): Promise<void> {
  const there = await choicesOf(client, field);
  const heaviest = Math.max(0, ...there.map(({ weight }) => Number(weight)));
  const added = list('choice').filter((value) => !there.some((one) => one.value === value));
  for (const [index, value] of added.entries())
    await client.request('POST', choicesAt, { custom_field: field.id, value, weight: heaviest + 10 * (index + 1) });
  for (const value of list('removeChoice')) {
    const choice = there.find((one) => one.value === value);
    if (!choice)
      throw new CommandError('not-found', `There is no choice "${value}".`, 'Name one that custom-field show lists.');
    await client.request('DELETE', `${choicesAt}${choice.id}/`);
  }
}

const options: readonly OptionSpec[] = [
  ['--content-type <type>', 'rows of which types have it: extras.secret, extras.secretsgroup, extras.tag', 'repeat'],
  ['--description <text>', 'what it is for'],
  ['--required', 'every row that is saved must have a value'],
  ['--no-required', 'a row may have none'],
  ['--choice <value>', 'what a selection offers', 'repeat'],
];

const bodyOf = (call: Call) => {
  const types = call.list('contentType');
  return {
    content_types: types.length > 0 ? types : undefined,
    description: call.maybe('description'),
    required: flag(call, 'required'),
  };
};

/** `latchkey custom-field`: fields that an installation adds to its rows. */
export const customFieldCommands: readonly CommandSpec[] = [
  {
    usage: 'custom-field list',
    summary: 'list custom fields',
    options: listOptions,
    examples: ['custom-field list'],
    run: (call) => listRows(call, 'custom-field', ['key', 'label', 'content_types', 'description']),
  },
  {
    usage: 'custom-field show <field>',
    summary: 'show a custom field and what it offers, by its key',
    examples: ['custom-field show owner'],
    run: async ({ client, text }) => showField(client, await find(client, 'custom-field', text('field'))),
  },
  {
    usage: 'custom-field create <label> <type>',
    summary:
      'add a field to rows: text, integer, boolean, date, datetime, url, select, multi-select, json or markdown; of secrets where nothing else is said',
    options: [['--key <key>', 'what programs call it; made of the label otherwise'], ...options],
    examples: [
      'custom-field create "Owner team" text',
      'custom-field create Class select --choice high --choice low --content-type extras.secret --content-type extras.secretsgroup',
    ],
    run: async (call) => {
      const { content_types = ['extras.secret'], ...more } = bodyOf(call);
      const about = { label: call.text('label'), type: call.text('type'), key: call.maybe('key'), content_types };
      const field = await call.client.request<Row>('POST', addresses['custom-field'], given({ ...about, ...more }));
      await setChoices(call, field);
      return showField(call.client, field);
    },
  },
  {
    usage: 'custom-field update <field>',
    summary: 'change a custom field; its key and its type are for life',
    options: [
      ['--label <label>', 'what people call it'],
      ...options,
      ['--remove-choice <value>', 'what a selection offers no more', 'repeat'],
    ],
    examples: ['custom-field update class --choice medium', 'custom-field update owner_team --required'],
    run: async (call) => {
      const { id } = await find(call.client, 'custom-field', call.text('field'));
      const body = given({ label: call.maybe('label'), ...bodyOf(call) });
      const field = await call.client.request<Row>('PATCH', addressOf('custom-field', id), body);
      await setChoices(call, field);
      return showField(call.client, field);
    },
  },
  {
    usage: 'custom-field delete <field>',
    summary: 'delete a custom field; rows lose the values that they have of it',
    examples: ['custom-field delete owner_team'],
    run: async (call) => {
      const row = await find(call.client, 'custom-field', call.text('field'));
      return removeRow(call, 'custom-field', row, String(row['key']));
    },
  },
];
