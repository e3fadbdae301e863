import type { Call, CommandSpec, OptionSpec } from '../command';
import { readInput } from '../inputs';
import { addresses, addressOf, find, type Row } from '../rows';
import {
  flag,
  given,
  listOptions,
  listRows,
  removeRow,
  showNamed,
  something,
  wholeList,
  type References,
} from './crud';

const options: readonly OptionSpec[] = [
  ['--description <text>', 'what it is for'],
  ['--expires <time>', 'refused from then on: 2027-01-31T12:00:00Z'],
  ['--address <network>', 'an address or network that it may be sent from; those named are all of them', 'repeat'],
  ['--no-write', 'may change nothing'],
];
const references: References = { user: 'user' };

function fieldsOf(call: Call) {
  return {
    description: call.maybe('description'),
    expires: call.isOff('expires') ? null : call.maybe('expires'),
    allowed_addresses: wholeList(call, 'address'),
    write_enabled: flag(call, 'write'),
  };
}

/** `latchkey token`: keys, which are shown when they are made and never again. */
export const tokenCommands: readonly CommandSpec[] = [
  {
    usage: 'token list',
    summary: 'list tokens, of everybody',
    options: [...listOptions.slice(1), ['--user <user>', 'only tokens of this user']],
    examples: ['token list', 'token list --user maria'],
    run: (call) => {
      const columns = ['id', 'user', 'description', 'write_enabled', 'expires', 'last_used'];
      return listRows(call, 'token', columns, { user: call.maybe('user') }, references);
    },
  },
  {
    usage: 'token show <token>',
    summary: 'show a token by its id; of its key nothing',
    examples: ['token show 7d6b4f0e-0c1d-4a51-9d3c-2f1f8f1a2b3c'],
    run: async (call) => showNamed(call, await find(call.client, 'token', call.text('token')), references),
  },
  {
    usage: 'token create <user>',
    summary: 'create a token for a user; its key is shown now and never again',
    options: [...options, ['--key-file <file>', 'a file that holds the key; - for the standard input']],
    examples: [
      'token create maria --description laptop',
      'token create robot --no-write --address 192.0.2.0/24 --expires 2027-01-31T12:00:00Z',
      'token create robot --key-file /run/secrets/robot-key',
    ],
    run: async (call) => {
      const file = call.maybe('keyFile');
      const { id: user } = await find(call.client, 'user', call.text('user'));
      const key = file === undefined ? undefined : readInput('key-file', file);
      const answer = await call.client.request<Row>('POST', addresses.token, given({ user, key, ...fieldsOf(call) }));
      // Who gave the key has it.
      if (key === undefined) return showNamed(call, answer, references, ['', 'The key is shown now and never again.']);
      const { key: _key, ...row } = answer;
      return showNamed(call, row as Row, references);
    },
  },
  {
    usage: 'token update <token>',
    summary: 'change a token; its key is for life',
    options: [
      ...options,
      ['--no-expires', 'never expires'],
      ['--no-address', 'may be sent from anywhere'],
      ['--write', 'may change what its user may change'],
    ],
    examples: ['token update 7d6b4f0e-0c1d-4a51-9d3c-2f1f8f1a2b3c --no-write'],
    run: async (call) => {
      const { id } = await find(call.client, 'token', call.text('token'));
      const body = something(given(fieldsOf(call)));
      return showNamed(call, await call.client.request<Row>('PATCH', addressOf('token', id), body), references);
    },
  },
  {
    usage: 'token delete <token>',
    summary: 'revoke a token; the next request with it is refused',
    examples: ['token delete 7d6b4f0e-0c1d-4a51-9d3c-2f1f8f1a2b3c'],
    run: async (call) => {
      const row = await find(call.client, 'token', call.text('token'));
      return removeRow(call, 'token', row, String(row['display']));
    },
  },
];
