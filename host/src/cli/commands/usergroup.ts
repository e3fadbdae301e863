import type { CommandSpec } from '../command';
import { addresses, addressOf, find, listOf, type Page, type Row } from '../rows';
import { listOptions, listRows, removeRow, showRow } from './crud';

const most = 200;

/** `latchkey usergroup`: sets of users; `latchkey group` is about secrets. */
export const userGroupCommands: readonly CommandSpec[] = [
  {
    usage: 'usergroup list',
    summary: 'list groups of users',
    options: listOptions,
    examples: ['usergroup list', 'usergroup list --search net'],
    run: (call) => listRows(call, 'usergroup', ['name', 'id']),
  },
  {
    usage: 'usergroup show <usergroup>',
    summary: 'show a group and who is in it',
    examples: ['usergroup show network-team'],
    run: async ({ client, text }) => {
      const group = await find(client, 'usergroup', text('usergroup'));
      const address = listOf('user', { groups: group.id, limit: String(most) });
      const { count, results } = await client.request<Page>('GET', address);
      const names = results.map((user) => [user['username'], user['is_active'] === true ? 'active' : 'not active']);
      const more = count > results.length ? [`${results.length} of ${count}.`] : [];
      const users = count === 0 ? 'Nobody is in it.' : { columns: ['user', 'state'], rows: names };
      return { ...showRow(group, ['', users, ...more]), json: { ...group, users: results } };
    },
  },
  {
    usage: 'usergroup create <name>',
    summary: 'create a group of users',
    examples: ['usergroup create network-team'],
    run: async ({ client, text }) =>
      showRow(await client.request<Row>('POST', addresses.usergroup, { name: text('name') })),
  },
  {
    usage: 'usergroup update <usergroup> <name>',
    summary: 'give a group another name',
    examples: ['usergroup update network-team netops'],
    run: async ({ client, text }) => {
      const { id } = await find(client, 'usergroup', text('usergroup'));
      return showRow(await client.request<Row>('PATCH', addressOf('usergroup', id), { name: text('name') }));
    },
  },
  {
    usage: 'usergroup delete <usergroup>',
    summary: 'delete a group; its users stay, without what it was given',
    examples: ['usergroup delete network-team'],
    run: async (call) => {
      const row = await find(call.client, 'usergroup', call.text('usergroup'));
      return removeRow(call, 'usergroup', row, row.name);
    },
  },
];
