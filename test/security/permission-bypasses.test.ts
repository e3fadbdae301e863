import { setTimeout as pause } from 'node:timers/promises';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Host } from '../../host/src/compose';
import type { Session } from '../../host/src/session';
import { adminToken } from '../support/host-process';
import { openLocalHost } from '../support/local-host';
import { restClient, type Rest } from '../support/rest-client';
import { create } from '../support/spine';
import { removeTemporaryFolders, temporaryFolder } from '../support/temporary-folder';

jest.setTimeout(120_000);

const inside = 'value-of-the-network';
const outside = 'value-of-somebody-else';

let root: string;
let host: Host;
let admin: Rest;
let url: string;
let nina: Session;
let asNina: Rest;
let team: { readonly id: string };

beforeAll(async () => {
  root = temporaryFolder();
  for (const folder of ['network', 'network/linked-from', 'other', 'Network', 'net_ork'])
    mkdirSync(join(root, folder), { recursive: true });
  for (const file of ['network/csr1', 'network/core']) writeFileSync(join(root, file), inside);
  for (const file of ['other/core', 'Network/core', 'net_ork/core', 'network-core'])
    writeFileSync(join(root, file), outside);
  symlinkSync('../other/core', join(root, 'network/link'));
  symlinkSync('../other', join(root, 'network/folder'));

  host = await openLocalHost({
    plugins: { enabled: ['@latchkey/provider-text-file'], config: { 'text-file': { roots: root } } },
  });
  url = await host.listen();
  admin = restClient(url, adminToken);
  team = await create(admin, 'users/groups', { name: 'network-team' });
  ({ session: nina, rest: asNina } = await account('nina', [team.id]));
  await permit('network files', ['extras.secret'], ['view', 'use', 'check'], {
    parameters__path__startswith: `${root}/network/`,
  });
  await permit('see groups', ['extras.secretsgroup', 'extras.secretsgroupassociation'], ['view'], null);
  await permit('see devices', ['inventory.object'], ['view'], null);
});
afterAll(async () => {
  await host?.close();
  removeTemporaryFolders();
});

async function account(username: string, groups: readonly string[] = []) {
  const { id } = await create(admin, 'users/users', { username, groups });
  const { key } = await create(admin, 'users/tokens', { user: id });
  return { id: id as string, session: host.as(username), rest: restClient(url, key) };
}

/** Gives the team a permission; or the users that are named. */
function permit(
  name: string,
  object_types: readonly string[],
  actions: readonly string[],
  constraints: unknown,
  to: object = { groups: [team.id] },
) {
  return create(admin, 'users/permissions', { name, object_types, actions, constraints, ...to });
}

let count = 0;

/** A secret of a file below the root, by whoever makes secrets. */
async function secretAt(path: string, name = `secret ${++count}`): Promise<{ id: string; name: string }> {
  const parameters = { path: path.startsWith('/') ? path : join(root, path) };
  return create(admin, 'extras/secrets', { name, provider: 'text-file', parameters });
}

function device(name: string, attributes: object = {}) {
  return create(admin, 'inventory/objects', { object_type: 'dcim.device', name, attributes });
}

async function slotOf(secret: { readonly id: string } | undefined) {
  const group = await create(admin, 'extras/secrets-groups', { name: `group ${++count}` });
  const slot = { access_type: 'SSH', secret_type: 'password' };
  const association = { ...slot, secrets_group: group.id, secret: secret?.id };
  if (secret) await create(admin, 'extras/secrets-groups-associations', association);
  return {
    check: async () => (await asNina('POST', `/api/extras/secrets-groups/${group.id}/check/`, { body: slot })).body,
    explain: async () => (await asNina('POST', `/api/extras/secrets-groups/${group.id}/explain/`, { body: slot })).text,
    use: async () =>
      (await nina.groups.get({ id: group.id })).getSecretValue({ accessType: 'SSH', secretType: 'password' }),
    name: group.name as string,
  };
}

/** What a read comes to: the value, or the name of the error. */
async function use({ id }: { readonly id: string }, object?: { readonly id: string }, session = nina): Promise<string> {
  try {
    const secret = await session.secrets.get({ id });
    return (await secret.getValue(object ? { object: { id: object.id } } : {})).reveal();
  } catch (error) {
    const { code, name } = error as { code?: string; name: string };
    // A definition that was in memory is refused a moment later, by the read itself.
    return name === 'NotFound' ? 'no-such-row' : (code ?? name);
  }
}

async function check({ id }: { readonly id: string }, object?: { readonly id: string }, rest = asNina) {
  const body = object ? { object: { id: object.id } } : {};
  const answer = await rest('POST', `/api/extras/secrets/${id}/check/`, { body });
  return [answer.status, answer.body.result ?? answer.body.detail];
}

const sees = async ({ id }: { readonly id: string }, rest = asNina) =>
  (await rest('GET', `/api/extras/secrets/?id=${id}`)).body.count === 1;

describe('network-team may use secrets whose path starts with .../network/', () => {
  test('in a list, in a check and in code', async () => {
    const [own, other] = [await secretAt('network/core'), await secretAt('other/core')];
    expect([await sees(own), await sees(other)]).toEqual([true, false]);
    expect([await check(own), await check(other)]).toEqual([
      [200, true],
      [404, 'No Secret matches the given query.'],
    ]);
    expect([await use(own), await use(other)]).toEqual([inside, 'no-such-row']);
    const list = await asNina('GET', '/api/extras/secrets/?limit=1000');
    const paths = list.body.results.map(({ parameters }: { parameters: { path: string } }) => parameters.path);
    expect(paths.every((path: string) => path.startsWith(`${root}/network/`))).toBe(true);
    expect(list.body.count).toBe(paths.length);
  });

  test('in a lookup through a group', async () => {
    const slot = await slotOf(await secretAt('network/core'));
    expect(await slot.check()).toEqual({ result: true, message: 'Passed' });
    expect((await slot.use()).reveal()).toBe(inside);
  });

  test('after a rename, and never after a move: the path decides', async () => {
    const secret = await secretAt('network/core');
    const change = (body: object) => admin('PATCH', `/api/extras/secrets/${secret.id}/`, { body });
    await change({ name: 'renamed', slug: 'renamed' });
    expect(await use(secret)).toBe(inside);
    await change({ parameters: { path: join(root, 'other/core') } });
    expect([await use(secret), await sees(secret), await check(secret)]).toEqual([
      'no-such-row',
      false,
      [404, 'No Secret matches the given query.'],
    ]);
    await change({ parameters: { path: join(root, 'network/csr1') } });
    expect(await use(secret)).toBe(inside);
  });

  test('through a template, for the object that asks', async () => {
    const [secret, csr1] = [await secretAt('network/{{ obj.name }}'), await device('csr1')];
    expect([await use(secret, csr1), await check(secret, csr1)]).toEqual([inside, [200, true]]);
  });

  test('until the permission is switched off, or the user leaves the team', async () => {
    const secret = await secretAt('network/core');
    const { id, session } = await account('leaver', [team.id]);
    expect(await use(secret, undefined, session)).toBe(inside);
    await admin('PATCH', `/api/users/users/${id}/`, { body: { groups: [] } });
    expect(await use(secret, undefined, session)).not.toBe(inside);
    const own = await permit('leaver', ['extras.secret'], ['view', 'use'], null, { users: [id] });
    expect(await use(secret, undefined, session)).toBe(inside);
    await admin('PATCH', `/api/users/permissions/${own.id}/`, { body: { enabled: false } });
    expect(await use(secret, undefined, session)).not.toBe(inside);
  });
});

describe('and cannot get around it', () => {
  test('by a template whose name leaves the folder', async () => {
    const secret = await secretAt('network/{{ obj.name }}');
    for (const name of ['../other/core', '..', './../other/core', 'x/../../other/core']) {
      const object = await device(name);
      expect([name, await use(secret, object)]).toEqual([name, 'parameters']);
      expect((await check(secret, object))[1]).toBe(false);
    }
    expect(await use(await secretAt(`network/{{ '.' }}{{ '.' }}/other/core`), await device('dots'))).toBe('parameters');
  });

  test('by a template that says one thing as it is stored, and another when it is rendered', async () => {
    await permit('holds network', ['extras.secret'], ['view', 'use', 'check'], {
      parameters__path__contains: '/a-word-of-templates/',
    });
    const said = await secretAt(`other/core{{ '/a-word-of-templates/' if obj.name == 'nobody' else '' }}`);
    const object = await device('somebody');
    expect([await sees(said), await use(said, object), (await check(said, object))[1]]).toEqual([
      true,
      'forbidden',
      false,
    ]);
    const body = { object: { id: object.id } };
    const { steps } = (await asNina('POST', `/api/extras/secrets/${said.id}/explain/`, { body })).body;
    expect(steps.at(-1)).toEqual({
      step: 'permission on the rendered parameters',
      result: 'refused',
      detail: expect.stringContaining('holds network (rendered: parameters__path__contains)'),
    });
    // The other way round: what is rendered would do, what is stored does not.
    const rendered = await secretAt('/{{ obj.path }}');
    const pointed = await device('pointed', { path: join(root, 'network/core').slice(1) });
    expect(await use(rendered, pointed)).toBe('no-such-row');
  });

  test('by ".." in a path, which nobody can store', async () => {
    const path = `${root}/network/../other/core`;
    const body = { name: 'dots', provider: 'text-file', parameters: { path } };
    expect((await admin('POST', '/api/extras/secrets/', { body })).status).toBe(400);
  });

  test('by a symbolic link, to a file or on the way', async () => {
    for (const path of ['network/link', 'network/folder/core']) {
      const secret = await secretAt(path);
      expect([path, await use(secret)]).toEqual([path, 'forbidden']);
      expect((await check(secret))[1]).toBe(false);
    }
    const template = await secretAt('network/{{ obj.name }}');
    expect(await use(template, await device('link'))).toBe('forbidden');
  });

  test('by upper and lower case, or by a name that only begins alike', async () => {
    for (const path of ['Network/core', 'network-core']) {
      const secret = await secretAt(path);
      expect([path, await use(secret), await sees(secret)]).toEqual([path, 'no-such-row', false]);
    }
  });

  test('by characters that are wildcards elsewhere', async () => {
    const { id, session, rest } = await account('wild');
    for (const folder of ['net_ork', 'net%', 'net*', 'net?ork', '[n]etwork'])
      await permit(
        `wild ${folder}`,
        ['extras.secret'],
        ['view', 'use'],
        {
          parameters__path__startswith: `${root}/${folder}/`,
        },
        { users: [id] },
      );
    const [secret, exact] = [await secretAt('network/core'), await secretAt('net_ork/core')];
    expect([await use(secret, undefined, session), await sees(secret, rest)]).toEqual(['no-such-row', false]);
    expect([await use(exact, undefined, session), await sees(exact, rest)]).toEqual([outside, true]);
  });

  test('by asking a group in the place of the secret: a slot out of reach is an empty one', async () => {
    const [other, empty] = [await slotOf(await secretAt('other/core')), await slotOf(undefined)];
    const plain = async (slot: typeof other) =>
      JSON.stringify([await slot.check(), await slot.explain()]).replaceAll(slot.name, 'GROUP');
    expect(await plain(other)).toBe(await plain(empty));
    await expect(other.use()).rejects.toMatchObject({ code: 'no-secret' });
    await expect(empty.use()).rejects.toMatchObject({ code: 'no-secret' });
  });

  test('by a list of many at once, of which one is outside', async () => {
    const { id, rest } = await account('bulk');
    await permit(
      'bulk',
      ['extras.secret'],
      ['view', 'add', 'change', 'delete'],
      { name__startswith: 'bulk' },
      { users: [id] },
    );
    const row = (name: string) => ({ name, provider: 'text-file', parameters: { path: join(root, 'network/core') } });
    const answer = await rest('POST', '/api/extras/secrets/', { body: [row('bulk 1'), row('outside 1')] });
    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect((await admin('GET', '/api/extras/secrets/?name=bulk 1&name=outside 1')).body.count).toBe(0);
    const [own, other] = [await secretAt('network/core', 'bulk 2'), await secretAt('network/core', 'outside 2')];
    const both = [own, other].map(({ id: one }) => ({ id: one, description: 'changed' }));
    for (const method of ['PATCH', 'DELETE'])
      expect((await rest(method, '/api/extras/secrets/', { body: both })).status).toBeGreaterThanOrEqual(400);
    for (const { id: one } of [own, other])
      expect((await admin('GET', `/api/extras/secrets/${one}/`)).body).toMatchObject({ description: '' });
  });

  test('by a filter: a secret out of sight is as unknown as one that is not there', async () => {
    const other = await secretAt('other/core', 'hidden from filters');
    await slotOf(other);
    const ask = async (key: string) => {
      const { status, text } = await asNina('GET', `/api/extras/secrets-groups-associations/?secret=${key}`);
      return [status, text.replaceAll(key, 'KEY')];
    };
    const absent = [await ask('00000000-0000-4000-8000-000000000000'), await ask('no such name')];
    expect([await ask(other.id), await ask(other.name)]).toEqual(absent);
    expect(absent[0]?.[0]).toBe(400);
  });

  test('by a race: two who move the secret in and out, and a thousand reads', async () => {
    const racer = await account('racer', [team.id]);
    const secret = await secretAt('network/core');
    const handle = await racer.session.secrets.get({ id: secret.id });
    const seen = new Map<string, number>();
    const reads = 1000;
    let begun = 0;
    // On a busy machine the writers can leave the secret on one side for long: a thousand reads, and on until both are seen.
    const onesided = () => !seen.has(inside) || !seen.has('NotFound');
    const reader = async () => {
      while (begun++ < reads || (onesided() && begun < 20 * reads)) {
        const came = await handle.getValue().then(
          (value) => value.reveal(),
          (error: { code?: string; name: string }) => error.code ?? error.name,
        );
        seen.set(came, (seen.get(came) ?? 0) + 1);
      }
    };
    const ended = new AbortController();
    const writer = async (paths: readonly string[]) => {
      for (let turn = 0; !ended.signal.aborted; turn += 1) {
        const parameters = { path: join(root, paths[turn % 2] as string) };
        await admin('PATCH', `/api/extras/secrets/${secret.id}/`, { body: { parameters } });
        await pause(turn % 5);
      }
    };
    const writers = [writer(['other/core', 'network/core']), writer(['network/csr1', 'other/core'])];
    await Promise.all([reader(), reader(), reader(), reader()]);
    ended.abort();
    await Promise.all(writers);

    const known = new Set([inside, 'NotFound', 'forbidden', 'definition-moved']);
    expect([...seen.keys()].filter((came) => !known.has(came))).toEqual([]);
    expect(seen.get(inside)).toBeGreaterThan(0);
    expect(seen.get('NotFound')).toBeGreaterThan(0);
    const records = async (filter: string) =>
      (await admin('GET', `/api/audit/entries/?user=racer&action=use&limit=1&${filter}`)).body.count as number;
    const [all, allowed, denied] = [
      await records(''),
      await records('decision=allowed'),
      await records('decision=denied'),
    ];
    expect(all).toBe(allowed + denied);
    expect(allowed).toBeGreaterThanOrEqual(seen.get(inside) ?? 0);
    expect(all).toBeGreaterThanOrEqual(reads);
  });
});

describe('view, use and check are three rights', () => {
  test.each(['view', 'use', 'check'] as const)('%s alone allows nothing else', async (action) => {
    const secret = await secretAt('network/core');
    const { id, session, rest } = await account(`only-${action}`);
    await permit(`only ${action}`, ['extras.secret'], [action], { name: secret.name }, { users: [id] });
    const explained = await rest('POST', `/api/extras/secrets/${secret.id}/explain/`, { body: {} });
    const group = await create(admin, 'extras/secrets-groups', { name: `only ${action}` });
    const slot = { access_type: 'SSH', secret_type: 'password' };
    await create(admin, 'extras/secrets-groups-associations', { ...slot, secrets_group: group.id, secret: secret.id });
    await permit(`group of ${action}`, ['extras.secretsgroup'], ['view'], { id: group.id }, { users: [id] });
    const used = (await session.groups.get({ id: group.id }))
      .getSecretValue({ accessType: 'SSH', secretType: 'password' })
      .then(
        (value) => value.reveal(),
        (error: { code: string }) => error.code,
      );
    expect({
      view: (await rest('GET', `/api/extras/secrets/${secret.id}/`)).status,
      list: (await rest('GET', '/api/extras/secrets/')).status,
      check: (await rest('POST', `/api/extras/secrets/${secret.id}/check/`, { body: {} })).status,
      explain: explained.status,
      use: await used,
    }).toEqual({
      view: action === 'view' ? 200 : 403,
      list: action === 'view' ? 200 : 403,
      check: action === 'check' ? 200 : 403,
      explain: action === 'use' ? 200 : 403,
      use: action === 'use' ? inside : 'no-secret',
    });
    expect(explained.text).not.toContain(root);
  });

  test('a check that fails tells who may not view the secret nothing of where it lives', async () => {
    const secret = await secretAt('network/absent');
    const { id, rest } = await account('checker');
    await permit('checker', ['extras.secret'], ['check'], null, { users: [id] });
    const answer = await rest('POST', `/api/extras/secrets/${secret.name}/check/`, { body: {} });
    expect(answer.body).toEqual({ result: false, message: 'The check failed (not-found).' });
  });
});

describe('what is not allowed is denied', () => {
  test('403 without a permission of the kind, 404 outside of its constraints, 403 for a change that leaves them', async () => {
    const { id, rest } = await account('writer');
    const types = ['extras.secret'];
    await permit('writer', types, ['view', 'add', 'change'], { name__startswith: 'kept' }, { users: [id] });
    const [own, other] = [await secretAt('network/core', 'kept 1'), await secretAt('network/core', 'strange 1')];
    const at = (secret: { id: string }) => `/api/extras/secrets/${secret.id}/`;
    const status = async (method: string, path: string, body?: object) =>
      (await rest(method, path, body ? { body } : {})).status;
    expect([
      await status('DELETE', at(own)),
      await status('DELETE', at(other)),
      await status('GET', at(other)),
      await status('PATCH', at(other), { description: 'x' }),
      await status('PATCH', at(own), { name: 'gone' }),
      await status('PUT', at(own), {
        name: 'gone',
        provider: 'text-file',
        parameters: { path: join(root, 'other/core') },
      }),
      await status('POST', '/api/extras/secrets/', { name: 'gone', provider: 'text-file', parameters: { path: '/x' } }),
      await status('GET', '/api/inventory/objects/'),
    ]).toEqual([403, 403, 404, 404, 403, 403, 403, 403]);
    expect((await admin('GET', at(own))).body).toMatchObject({ name: 'kept 1', description: '' });
    expect((await admin('GET', '/api/extras/secrets/?name=gone')).body.count).toBe(0);
    expect((await admin('GET', at(other))).body.description).toBe('');
  });
});
