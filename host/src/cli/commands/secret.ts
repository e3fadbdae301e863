import type { Client } from '../client';
import type { Call, CommandSpec, OptionSpec } from '../command';
import { readParameters, type ParameterTypes } from '../pairs';
import { addresses, addressOf, find, findOrMakeGroup, readSlot, type Row } from '../rows';
import { changedValueOptions, customValues, valueOptions } from './custom-field';
import { given, listOptions, listRows, removeRow, showRow, something } from './crud';

const options: readonly OptionSpec[] = [
  ['--provider <slug>', 'which provider has the value: environment-variable, text-file, ... (latchkey plugin list)'],
  ['--param <key=value>', 'a parameter of the provider; may be a template over obj', 'repeat'],
  ['--slug <slug>', 'made from the name otherwise'],
  ['--description <text>', 'what it is for'],
];

interface Providers {
  readonly results: readonly { readonly slug: string; readonly parameters: { readonly properties?: ParameterTypes } }[];
}

/** The parameters given, typed as the provider declares them; a provider that is not there is the host's to refuse. */
async function parametersOf(client: Client, provider: string, pairs: readonly string[]) {
  if (pairs.length === 0) return {};
  const { results } = await client.request<Providers>('GET', '/api/providers/');
  return readParameters(pairs, results.find(({ slug }) => slug === provider)?.parameters.properties ?? {});
}

async function changedParameters(call: Call, row: Row): Promise<Record<string, unknown> | undefined> {
  const [set, unset] = [call.list('param'), call.list('unsetParam')];
  const before = String(row['provider']);
  const provider = call.maybe('provider') ?? before;
  if (set.length === 0 && unset.length === 0 && provider === before) return undefined;
  // Parameters of another provider mean nothing to the new one.
  const kept = provider === before ? (row['parameters'] as Record<string, unknown>) : {};
  const left = Object.entries(kept).filter(([key]) => !unset.includes(key));
  return { ...Object.fromEntries(left), ...(await parametersOf(call.client, provider, set)) };
}

/** Fills a slot with a secret just made; where that is refused the secret goes again, so that nothing is half done. */
async function fillNewSlot(
  client: Client,
  { group, ...slot }: ReturnType<typeof readSlot>,
  secret: Row,
): Promise<void> {
  try {
    const { id } = await findOrMakeGroup(client, group);
    await client.request('POST', addresses.slot, { ...slot, secrets_group: id, secret: secret.id });
  } catch (error) {
    await client.request('DELETE', addressOf('secret', secret.id));
    throw error;
  }
}

/** `latchkey secret`: what is stored of secrets, never a value. */
export const secretCommands: readonly CommandSpec[] = [
  {
    usage: 'secret list',
    summary: 'list secrets',
    options: [...listOptions, ['--provider <slug>', 'only secrets of this provider']],
    examples: ['secret list', 'secret list --provider text-file --output json'],
    run: (call) =>
      listRows(call, 'secret', ['name', 'slug', 'provider', 'description'], { provider: call.maybe('provider') }),
  },
  {
    usage: 'secret show <secret>',
    summary: 'show a secret: its provider and parameters, not its value',
    examples: ['secret show "SSH password"', 'secret show ssh-password --output json'],
    run: async ({ client, text }) => showRow(await find(client, 'secret', text('secret'))),
  },
  {
    usage: 'secret create <name>',
    summary: 'create a secret: where a value lives and how to fetch it',
    options: [
      ...options,
      ...valueOptions,
      ['--slot <group/access-type/secret-type>', 'also fills this slot; a new group is made'],
    ],
    examples: [
      'secret create "Git token" --provider environment-variable --param variable=GIT_TOKEN',
      'secret create "SSH password" --provider environment-variable --param \'variable=SSH_{{ obj.slug | upper }}\' --slot core-routers/SSH/password',
      'secret create "Enable secret" --provider text-file --param \'path=/run/secrets/{{ obj.name }}.txt\'',
    ],
    run: async (call) => {
      const provider = call.maybe('provider');
      const place = call.maybe('slot');
      const slot = place === undefined ? undefined : readSlot(place);
      const body = given({
        name: call.text('name'),
        slug: call.maybe('slug'),
        description: call.maybe('description'),
        provider,
        parameters: await parametersOf(call.client, provider ?? '', call.list('param')),
        custom_fields: await customValues(call),
      });
      const secret = await call.client.request<Row>('POST', addresses.secret, body);
      if (slot) await fillNewSlot(call.client, slot, secret);
      return showRow(secret);
    },
  },
  {
    usage: 'secret update <secret>',
    summary: 'change a secret; parameters that are not named stay',
    options: [
      ['--name <name>', 'the new name'],
      ...options,
      ['--unset-param <key>', 'takes a parameter away', 'repeat'],
      ...changedValueOptions,
    ],
    examples: [
      'secret update git-token --param variable=GITHUB_TOKEN',
      'secret update git-token --name "GitHub token"',
    ],
    run: async (call) => {
      const row = await find(call.client, 'secret', call.text('secret'));
      const body = given({
        name: call.maybe('name'),
        slug: call.maybe('slug'),
        description: call.maybe('description'),
        provider: call.maybe('provider'),
        parameters: await changedParameters(call, row),
        custom_fields: await customValues(call),
      });
      return showRow(await call.client.request<Row>('PATCH', addressOf('secret', row.id), something(body)));
    },
  },
  {
    usage: 'secret delete <secret>',
    summary: 'delete a secret that fills no slot; the value stays where it lives',
    examples: ['secret delete "Git token"'],
    run: async (call) => {
      const row = await find(call.client, 'secret', call.text('secret'));
      return removeRow(call, 'secret', row, row.name);
    },
  },
];
