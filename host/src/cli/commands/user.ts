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
  ['--password-file <file>', 'a file that holds the password; - for the standard input'],
  ['--group <usergroup>', 'a group that the user is in; those that are named are all of them', 'repeat'],
  ['--superuser', 'may do everything'],
  ['--no-active', 'is refused, with every password and token'],
  ['--first-name <text>', 'for people'],
  ['--last-name <text>', 'for people'],
  ['--email <text>', 'for people'],
];
const references: References = { groups: 'usergroup' };

/** The fields that were named; a password comes from a file, since everybody can read a command line. */
function fieldsOf(call: Call) {
  const { maybe } = call;
  const file = maybe('passwordFile');
  return {
    password: call.isOff('password') ? null : file === undefined ? undefined : readInput('password-file', file),
    groups: wholeList(call, 'group'),
    is_superuser: flag(call, 'superuser'),
    is_active: flag(call, 'active'),
    first_name: maybe('firstName'),
    last_name: maybe('lastName'),
    email: maybe('email'),
  };
}

/** `latchkey user`. */
export const userCommands: readonly CommandSpec[] = [
  {
    usage: 'user list',
    summary: 'list users',
    options: [...listOptions, ['--group <usergroup>', 'only users in this group']],
    examples: ['user list', 'user list --group network-team'],
    run: (call) => {
      const columns = ['username', 'is_active', 'is_superuser', 'groups', 'last_login'];
      return listRows(call, 'user', columns, { groups: call.maybe('group') }, references);
    },
  },
  {
    usage: 'user show <user>',
    summary: 'show a user; of a password nothing',
    examples: ['user show maria', 'user show maria --output json'],
    run: async (call) => showNamed(call, await find(call.client, 'user', call.text('user')), references),
  },
  {
    usage: 'user create <username>',
    summary: 'create a user, with a password or without one',
    options,
    examples: ['user create maria --password-file maria.txt --group network-team', 'user create robot'],
    run: async (call) => {
      const body = given({ username: call.text('username'), ...fieldsOf(call) });
      return showNamed(call, await call.client.request<Row>('POST', addresses.user, body), references);
    },
  },
  {
    usage: 'user update <user>',
    summary: 'change a user; what is not named stays',
    options: [
      ['--username <name>', 'the new name'],
      ...options,
      ['--no-password', 'takes the password away'],
      ['--no-group', 'takes the user out of all groups'],
      ['--no-superuser', 'may do what permissions say, and no more'],
      ['--active', 'may sign in again'],
    ],
    examples: ['user update maria --group network-team --group auditors', 'user update maria --no-active'],
    run: async (call) => {
      const { id } = await find(call.client, 'user', call.text('user'));
      const body = something(given({ username: call.maybe('username'), ...fieldsOf(call) }));
      return showNamed(call, await call.client.request<Row>('PATCH', addressOf('user', id), body), references);
    },
  },
  {
    usage: 'user delete <user>',
    summary: 'delete a user and its tokens',
    examples: ['user delete maria'],
    run: async (call) => {
      const row = await find(call.client, 'user', call.text('user'));
      return removeRow(call, 'user', row, String(row['username']));
    },
  },
];
