import { pairs } from '../../support/encrypted-store';
import { letIn, newUser, type NetboxHost } from '../../support/netbox-host';
import { create } from '../../support/spine';
import { numbers, secret } from './behaviour';

/** Who asks, by the names of the behaviours: the token, and a session key where there is one. */
export type People = Readonly<Record<string, { readonly token: string; readonly key?: string }>>;

/** Makes the rows and the users that every behaviour finds. */
export async function makeWorld({ rest, unlock }: NetboxHost, adminToken: string): Promise<People> {
  await rest('POST', '/api/plugins/secrets/user-keys/', { body: { public_key: pairs.first.public } });
  for (const name of ['r1', 'r2']) await create(rest, 'inventory/objects', { object_type: 'dcim.device', name });
  for (const [name, slug] of [
    ['Login', 'login'],
    ['SNMP', 'snmp'],
  ])
    await rest('POST', '/api/secrets/secret-roles/', { body: { name, slug } });
  const content_types = ['secrets.secret'];
  await create(rest, 'extras/tags', { name: 'Prod', slug: 'prod', content_types });
  await create(rest, 'extras/custom-fields', { label: 'Team', key: 'owner_team', type: 'text', content_types });
  const tier = await create(rest, 'extras/custom-fields', {
    label: 'Tier',
    key: 'tier',
    type: 'select',
    content_types,
  });
  for (const value of ['gold', 'silver'])
    await create(rest, 'extras/custom-field-choices', { custom_field: tier.id, value });

  const key = await unlock();
  const { r1, snmp, prod, gold } = numbers;
  for (const body of [
    secret('2.9', 'admin', { device: r1, plaintext: 'of admin', tags: [prod], custom_fields: { owner_team: 'Net' } }),
    secret('2.9', 'read', { device: r1, role: snmp, plaintext: 'of read', custom_fields: { tier: gold } }),
    secret('2.9', ''),
  ]) {
    const made = await rest('POST', '/api/secrets/secrets/', { body, headers: { 'X-Session-Key': key } });
    if (made.status !== 201) throw new Error(made.text);
  }

  const [keeper, viewer, nobody] = [
    await newUser(rest, 'keeper'),
    await newUser(rest, 'viewer'),
    await newUser(rest, 'nobody'),
  ];
  const permit = (
    name: string,
    users: readonly string[],
    object_types: readonly string[],
    actions: readonly string[],
    constraints: unknown = null,
  ) => create(rest, 'users/permissions', { name, users, object_types, actions, constraints });
  const all = ['view', 'add', 'change', 'delete', 'reveal'];
  await permit('keeper: one role', [keeper.id], ['secrets.secret'], all, { role__slug: 'snmp' });
  await permit('devices and tags', [keeper.id], ['inventory.object', 'extras.tag'], ['view']);
  await permit('viewer', [viewer.id], ['secrets.secret'], ['view']);
  await letIn(rest, keeper.token);
  return {
    admin: { token: adminToken, key },
    keeper: { token: keeper.token, key: await unlock(keeper.token, pairs.second.private) },
    viewer,
    nobody,
  };
}
