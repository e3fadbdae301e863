import { hostTypes } from '../../domain/types';
import type { Call, CommandSpec, OptionSpec } from '../command';
import { readJson } from '../inputs';
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
import { testPermission } from './permission-test';

const constraintOptions: readonly OptionSpec[] = [
  ['--constraints <json>', 'which rows: an object of lookups, or a list of such objects; all rows when not given'],
  ['--constraints-file <file>', 'a file that holds them; - for the standard input'],
];
const options: readonly OptionSpec[] = [
  ['--type <type>', 'a type that it is about', 'repeat'],
  ['--action <action>', 'view, add, change, delete; use and check for values', 'repeat'],
  ['--user <user>', 'who has it', 'repeat'],
  ['--group <usergroup>', 'a group whose users have it', 'repeat'],
  ...constraintOptions,
  ['--description <text>', 'what it is for'],
  ['--no-enabled', 'does not count'],
];
const references: References = { users: 'user', groups: 'usergroup' };
const more = (): string => `Types: ${[...hostTypes.targets.keys()].join(', ')}; and those that plugins bring.`;

function fieldsOf(call: Call) {
  const constraints = readJson('constraints', call.maybe('constraints'), call.maybe('constraintsFile'));
  return {
    object_types: wholeList(call, 'type'),
    actions: wholeList(call, 'action'),
    users: wholeList(call, 'user'),
    groups: wholeList(call, 'group'),
    constraints: call.isOff('constraints') ? null : constraints,
    description: call.maybe('description'),
    enabled: flag(call, 'enabled'),
  };
}

/** A permission as people read it; the constraints as JSON, since their keys are no paths. */
function showPermission(call: Call, answer: Row) {
  const { constraints } = answer;
  const readable = { ...answer, constraints: constraints === null ? 'none: all rows' : JSON.stringify(constraints) };
  return showNamed(call, readable, references).then((report) => ({ ...report, json: answer }));
}

/** `latchkey permission`: who may do what to which rows. */
export const permissionCommands: readonly CommandSpec[] = [
  {
    usage: 'permission list',
    summary: 'list permissions',
    options: [
      ...listOptions,
      ['--user <user>', 'only those given to this user itself'],
      ['--group <usergroup>', 'only those given to this group'],
    ],
    examples: ['permission list', 'permission list --group network-team'],
    run: (call) => {
      const columns = ['name', 'enabled', 'actions', 'object_types', 'users', 'groups'];
      const filters = { users: call.maybe('user'), groups: call.maybe('group') };
      return listRows(call, 'permission', columns, filters, references);
    },
  },
  {
    usage: 'permission show <permission>',
    summary: 'show a permission',
    examples: ['permission show "network files"'],
    run: async (call) => showPermission(call, await find(call.client, 'permission', call.text('permission'))),
  },
  {
    usage: 'permission create <name>',
    summary: 'create a permission',
    options,
    examples: [
      'permission create "network files" --type extras.secret --action view --action use --group network-team --constraints \'{"parameters__path__startswith": "/opt/secrets/network/"}\'',
      'permission create "see objects" --type inventory.object --action view --group network-team',
    ],
    more,
    run: async (call) => {
      const body = given({ name: call.text('name'), ...fieldsOf(call) });
      return showPermission(call, await call.client.request<Row>('POST', addresses.permission, body));
    },
  },
  {
    usage: 'permission update <permission>',
    summary: 'change a permission; what is not named stays, a list that is named is the whole list',
    options: [
      ['--name <name>', 'the new name'],
      ...options,
      ['--no-user', 'no user has it'],
      ['--no-group', 'no group has it'],
      ['--no-constraints', 'it is about all rows'],
      ['--enabled', 'counts again'],
    ],
    examples: ['permission update "network files" --no-enabled', 'permission update "network files" --action use'],
    more,
    run: async (call) => {
      const { id } = await find(call.client, 'permission', call.text('permission'));
      const body = something(given({ name: call.maybe('name'), ...fieldsOf(call) }));
      return showPermission(call, await call.client.request<Row>('PATCH', addressOf('permission', id), body));
    },
  },
  {
    usage: 'permission delete <permission>',
    summary: 'delete a permission',
    examples: ['permission delete "network files"'],
    run: async (call) => {
      const row = await find(call.client, 'permission', call.text('permission'));
      return removeRow(call, 'permission', row, row.name);
    },
  },
  {
    usage: 'permission test <user> <action> <row>',
    summary: 'tell whether a user may do something to a row, by which permission, and what keeps others from it',
    options: [
      ['--object <object>', 'for this object: TYPE/NAME or an id; templates are rendered for it'],
      ['--permission <permission>', 'by this permission alone'],
      ...constraintOptions.map(([flags, help]): OptionSpec => [flags, `by a draft: ${help}`]),
    ],
    examples: [
      'permission test maria use "SSH password" --object dcim.device/csr1',
      'permission test maria change extras.secretsgroup/core-routers',
      'permission test maria use ssh-password --constraints \'{"provider": "text-file"}\'',
    ],
    more: () =>
      [
        'A row is the name, slug or id of a secret; TYPE/KEY for another type; or an object, as dcim.device/csr1.',
        more(),
      ].join('\n'),
    run: testPermission,
  },
];
