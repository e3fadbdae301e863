import { pairs } from '../support/encrypted-store';
import { describeEngines } from '../support/engines';
import { adminToken } from '../support/host-process';
import { newPair, newUser, openNetboxHost, type NetboxHost } from '../support/netbox-host';
import type { RestAnswer } from '../support/rest-client';
import { removeTemporaryFolders, temporaryFolder } from '../support/temporary-folder';

jest.setTimeout(120_000);
afterAll(removeTemporaryFolders);

const keysPath = '/api/plugins/secrets/user-keys/';
const usersPath = '/api/users/users/';

/** A holder of the store: the account, and the key pair that it has now. */
interface Holder {
  readonly id: string;
  readonly token: string;
  pair: { readonly publicKey: string; readonly privateKey: string };
}
type Loses = (by: NetboxHost, of: Holder, other: Holder) => Promise<RestAnswer>;

const ownKey = async ({ rest }: NetboxHost, { id, token }: Holder): Promise<string> => {
  const { body } = await rest('GET', `${keysPath}?limit=100`, { token });
  const names = await rest('GET', `${usersPath}${id}/`, { token });
  const found = (body.results as { id: number; display: string }[]).find(
    ({ display }) => display === names.body.username,
  );
  return `${keysPath}${found?.id}/`;
};

/** How a holder's way can go: by what it does itself, and by what another superuser does. */
const ways: Readonly<Record<string, Loses>> = {
  'the key is deleted': async (by, of) => by.rest('DELETE', await ownKey(by, of), { token: of.token }),
  'another deletes the key': async (by, of, other) => by.rest('DELETE', await ownKey(by, of), { token: other.token }),
  'another key takes its place': (by, of) =>
    by.rest('POST', keysPath, { token: of.token, body: { public_key: newPair().publicKey } }),
  'the account is switched off': (by, of, { token }) =>
    by.rest('PATCH', `${usersPath}${of.id}/`, { token, body: { is_active: false } }),
  'it is switched off in a list': (by, of, { token }) =>
    by.rest('PATCH', usersPath, { token, body: [{ id: of.id, is_active: false }] }),
  'the account is deleted': (by, of, { token }) => by.rest('DELETE', `${usersPath}${of.id}/`, { token }),
  'it is deleted in a list': (by, of, { token }) => by.rest('DELETE', usersPath, { token, body: [{ id: of.id }] }),
};

describeEngines('the last way to the master key', ({ name, newPlace }) => {
  let world: NetboxHost;
  /** On PostgreSQL another host of the same database; what is embedded has one. */
  let beside: NetboxHost;
  let admin: Holder;
  let jane: Holder;

  beforeAll(async () => {
    const { url } = (await newPlace()) as { readonly url?: string };
    const folder = temporaryFolder();
    world = await openNetboxHost({ host: { data_dir: folder, database_url: url } });
    const shared = { database_url: url, token_key_file: `${folder}/token.key` };
    beside = name === 'SQLite' ? world : await openNetboxHost({ host: shared });
    const { body } = await world.rest('GET', `${usersPath}?username=admin`);
    const first = { publicKey: pairs.first.public, privateKey: pairs.first.private };
    admin = { id: body.results[0].id as string, token: adminToken, pair: first };
    jane = { ...(await newUser(world.rest, 'jane', true)), pair: newPair() };
    for (const { token, pair } of [admin, jane])
      await world.rest('POST', keysPath, { token, body: { public_key: pair.publicKey } });
  });
  afterAll(async () => {
    if (beside !== world) await beside?.host.close();
    await world?.host.close();
  });

  const opens = async ({ token, pair }: Holder): Promise<boolean> =>
    (await world.session(token, pair.privateKey)).status === 201;

  test.each(Object.keys(ways))('is kept where %s', async (what) => {
    const answer = await ways[what]?.(world, admin, jane);
    expect([400, 409]).toContain(answer?.status);
    expect(answer?.text).toContain('This is the last active user key');
    expect(answer?.text).toContain('latchkey netbox recover');
    expect([await opens(admin), await opens(jane)]).toEqual([true, false]);
  });

  /** Makes both of them holders again, by the one that is one. */
  async function restored(): Promise<void> {
    const [whole, broken] = (await opens(admin)) ? [admin, jane] : [jane, admin];
    const { token } = whole;
    await world.rest('PATCH', `${usersPath}${broken.id}/`, { token, body: { is_active: true } });
    if (await opens(broken)) return;
    broken.pair = newPair();
    const body = { public_key: broken.pair.publicKey };
    const given = await world.rest('POST', keysPath, { token: broken.token, body });
    const activation = { user_key_ids: [given.body?.id], private_key: whole.pair.privateKey };
    await world.rest('POST', `${keysPath}activate/`, { token, body: activation });
    if (!(await opens(broken))) throw new Error(`Not restored: ${given.text}`);
  }

  // Accounts are deleted by the test above; here they would have to be made again.
  const racing = Object.entries(ways).filter(
    ([what]) => !what.includes('deleted in') && what !== 'the account is deleted',
  );

  test.each(racing)('is kept where both of two holders go at once: %s', async (what, loses) => {
    for (const [, other] of racing.slice(racing.findIndex(([one]) => one === what))) {
      await restored();
      const both = [loses(world, admin, jane), other(beside, jane, admin)];
      const done = (await Promise.all(both)).filter(({ status }) => status < 400);
      expect(done.length).toBeLessThan(2);
      expect([await opens(admin), await opens(jane)]).toContain(true);
    }
  });

  test('is kept where one account is deleted while the other gives up the key', async () => {
    await restored();
    const both = [
      ways['the account is deleted']?.(beside, jane, admin),
      ways['the key is deleted']?.(world, admin, jane),
    ];
    const statuses = (await Promise.all(both)).map((answer) => answer?.status ?? 0);
    expect(statuses.filter((status) => status < 400).length).toBeLessThan(2);
    expect([await opens(admin), await opens(jane)]).toContain(true);
  });
});
