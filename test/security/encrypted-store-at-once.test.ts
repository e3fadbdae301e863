import { pairs } from '../support/encrypted-store';
import { describeEngines } from '../support/engines';
import { adminToken } from '../support/host-process';
import { letIn, newPair, newUser, openNetboxHost, type NetboxHost } from '../support/netbox-host';
import { removeTemporaryFolders } from '../support/temporary-folder';

jest.setTimeout(120_000);
afterAll(removeTemporaryFolders);

const calls = 200;
const users = 10;

describeEngines(`${calls} calls for a session key at once`, ({ newPlace }) => {
  let world: NetboxHost;
  const others: { readonly token: string; readonly privateKey: string }[] = [];

  beforeAll(async () => {
    const { url } = (await newPlace()) as { readonly url?: string };
    world = await openNetboxHost({ host: { database_url: url } });
    await world.rest('POST', '/api/plugins/secrets/user-keys/', { body: { public_key: pairs.first.public } });
    for (let i = 0; i < users; i++) {
      const { token } = await newUser(world.rest, `user-${i}`, true);
      const { publicKey, privateKey } = newPair();
      await letIn(world.rest, token, publicKey);
      others.push({ token, privateKey });
    }
  });
  afterAll(() => world?.host.close());

  /** Asks for as many session keys at once: how many there are, and whether the first and the last open the store. */
  async function asked(whose: (nth: number) => { readonly token: string; readonly privateKey: string }) {
    const all = Array.from({ length: calls }, (_, nth) => whose(nth));
    const keys = await Promise.all(all.map(({ token, privateKey }) => world.unlock(token, privateKey)));
    const used = [0, calls - 1].map(async (nth) => {
      const headers = { 'X-Session-Key': String(keys[nth]) };
      return (await world.rest('GET', '/api/secrets/secrets/', { token: all[nth]?.token ?? '', headers })).status;
    });
    return [new Set(keys).size, ...(await Promise.all(used))];
  }

  test('of one user: none fails', async () => {
    const own = { token: adminToken, privateKey: pairs.first.private };
    expect(await asked(() => own)).toEqual([calls, 200, 200]);
  });

  test('of many users: none fails', async () => {
    expect(await asked((nth) => others[nth % users] as (typeof others)[number])).toEqual([calls, 200, 200]);
  });
});
