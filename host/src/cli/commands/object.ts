import type { Call, CommandSpec, OptionSpec, Report } from '../command';
import { checkObject } from './check';
import { setAttributes, unsetAttributes } from '../pairs';
import { fieldsOf } from '../output';
import { addresses, addressOf, find, findObject, type ObjectRow } from '../rows';
import { given, listOptions, listRows, removeRow, something } from './crud';

const options: readonly OptionSpec[] = [
  ['--slug <slug>', 'made from the name otherwise'],
  [
    '--attribute <key=value>',
    'what templates see beside the name; site.slug=nyc nests; JSON values are kept',
    'repeat',
  ],
  ['--group <group>', 'the secrets group that it uses'],
];

async function groupOf({ client, maybe }: Call): Promise<string | undefined> {
  const group = maybe('group');
  return group === undefined ? undefined : (await find(client, 'group', group)).id;
}

/** An object with the name of its group, of which it holds the id alone. */
async function showObject({ client }: Call, answer: ObjectRow): Promise<Report> {
  const { id, object_type, name, slug, number, attributes, secrets_group: attached, created, last_updated } = answer;
  const group = attached && (await find(client, 'group', attached.id)).name;
  const fields = { id, object_type, name, slug, number, attributes, group, created, last_updated };
  return { json: answer, shown: [fieldsOf(fields)] };
}

/** `latchkey object`: the inventory, addressed as TYPE/NAME or by id. */
export const objectCommands: readonly CommandSpec[] = [
  {
    usage: 'object list',
    summary: 'list objects of the inventory',
    options: [...listOptions, ['--type <type>', 'only objects of this type, such as dcim.device']],
    examples: ['object list', 'object list --type dcim.device --search csr'],
    run: (call) => listRows(call, 'object', ['object_type', 'name', 'slug'], { object_type: call.maybe('type') }),
  },
  {
    usage: 'object show <object>',
    summary: 'show an object, its attributes and its group',
    examples: ['object show dcim.device/csr1', 'object show dcim.device/csr1 --output json'],
    run: async (call) => showObject(call, await findObject(call.client, call.text('object'))),
  },
  {
    usage: 'object create <type> <name>',
    summary: 'create an object',
    options: [...options, ['--check', 'then checks every slot of its group for it']],
    examples: ['object create dcim.device csr1 --attribute site.slug=nyc --group core-routers --check'],
    run: async (call) => {
      const body = given({
        object_type: call.text('type'),
        name: call.text('name'),
        slug: call.maybe('slug'),
        attributes: setAttributes(call.list('attribute')),
        secrets_group: await groupOf(call),
      });
      const object = await call.client.request<ObjectRow>('POST', addresses.object, body);
      return call.isOn('check') ? checkObject(call, object) : showObject(call, object);
    },
  },
  {
    usage: 'object update <object>',
    summary: 'change an object; attributes that are not named stay',
    options: [
      ['--name <name>', 'the new name'],
      ...options,
      ['--unset-attribute <key>', 'takes an attribute away', 'repeat'],
      ['--no-group', 'detaches the secrets group'],
    ],
    examples: ['object update dcim.device/csr1 --group core-routers', 'object update dcim.device/csr1 --no-group'],
    run: async (call) => {
      const row = await findObject(call.client, call.text('object'));
      const [set, unset] = [call.list('attribute'), call.list('unsetAttribute')];
      const changed = set.length + unset.length > 0;
      const body = given({
        name: call.maybe('name'),
        slug: call.maybe('slug'),
        attributes: changed ? setAttributes(set, unsetAttributes(unset, row.attributes)) : undefined,
        secrets_group: call.isOff('group') ? null : await groupOf(call),
      });
      return showObject(
        call,
        await call.client.request<ObjectRow>('PATCH', addressOf('object', row.id), something(body)),
      );
    },
  },
  {
    usage: 'object delete <object>',
    summary: 'delete an object',
    examples: ['object delete dcim.device/csr1'],
    run: async (call) => {
      const row = await findObject(call.client, call.text('object'));
      return removeRow(call, 'object', row, `${row.object_type}/${row.name}`);
    },
  },
];
