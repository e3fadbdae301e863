import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { AnyRow } from '../../host/src/domain/descriptor';
import { openedValue } from '../../plugins/netbox-secrets/src/service/sealed-values';
import { storedSecretType, valueType } from '../../plugins/netbox-secrets/src/types';
import { startTypeScript, type TypeScriptChild } from '../support/children';
import { openEncryptedStore, pairs, type EncryptedStore } from '../support/encrypted-store';
import { drawFrom, type Draw } from '../support/random-constraints';
import { removeTemporaryFolders, temporaryFolder } from '../support/temporary-folder';

const kills = Number(process.env.LATCHKEY_KILLS ?? 20);
const seed = Number(process.env.LATCHKEY_SEED ?? 20_261_125);
const secrets = 240;
const changed = 60;

jest.setTimeout(60_000 + kills * 10_000);
let next: TypeScriptChild | undefined;
afterAll(async () => {
  next?.process.kill('SIGKILL');
  await next?.ended;
  removeTemporaryFolders();
});

async function opened({ store, admin }: EncryptedStore) {
  const { sessionKey } = await store.keys.unlockWithPrivateKey(admin, pairs.first.private, {});
  const keyring = await store.keys.open(admin, sessionKey);
  if (!keyring) throw new Error('no keyring');
  return keyring;
}

async function fill(folder: string): Promise<void> {
  writeFileSync(join(folder, 'admin.pem'), pairs.first.private);
  const world = await openEncryptedStore({}, folder);
  const { store, admin } = world;
  await store.keys.setUserKey(admin, admin.id ?? '', pairs.first.public);
  const keyring = await opened(world);
  const items = Array.from({ length: secrets }, (_, i) => ({
    input: { name: `n${i}`, role: { slug: 'login' } },
    plaintext: Buffer.from(`value of n${i}`),
  }));
  const rows = await store.secrets.create(admin, items, keyring);
  const again = rows
    .slice(0, changed)
    .map(({ id, name }) => ({ id, input: {}, plaintext: Buffer.from(`value of ${name}`) }));
  await store.secrets.update(admin, again, { partial: true, keyring });
  await world.close();
}

/** What of the store does not open with a fresh session: secrets as they are read, and every value, old ones too. */
async function unreadable(world: EncryptedStore): Promise<{ readonly read: number; readonly lost: readonly string[] }> {
  const keyring = await opened(world);
  const { rows } = world.unitOfWork;
  const page = { scope: { kind: 'all' }, limit: 1000, offset: 0 } as const;
  const stored = (await rows.list(storedSecretType, page)).rows as unknown as AnyRow[];
  const found = await world.store.secrets.reveal({ acting: world.acting('admin') }, stored, keyring);
  const lost = found.flatMap(({ row: { name }, plaintext, fault }) =>
    plaintext?.toString() === `value of ${name}` ? [] : [`${name} ${fault}`],
  );
  const names = new Map(stored.map(({ id, name }) => [id, name]));
  const values = (await rows.list(valueType, page)).rows;
  const textOf = (value: (typeof values)[number]): string => {
    try {
      return openedValue(keyring, { id: value.secret, version: value.version }, value).toString();
    } catch (error) {
      return String(error);
    }
  };
  for (const value of values)
    if (textOf(value) !== `value of ${String(names.get(value.secret))}`) lost.push(`${value.id} ${textOf(value)}`);
  return { read: found.length + values.length, lost };
}

const start = (folder: string): TypeScriptChild =>
  (next = startTypeScript(join(__dirname, 'rotation-child.ts'), [folder]));

/** Lets a child rotate, and kills it in the middle, some batches on and some milliseconds more. */
async function killed({ process: child, lines, ended }: TypeScriptChild, draw: Draw): Promise<void> {
  child.stdin.write('go\n');
  let left = draw(30);
  for await (const _ of lines) {
    if (left === 0) break;
    left -= 1;
  }
  await pause(draw(12));
  child.kill('SIGKILL');
  expect(await ended).toEqual({ code: 'SIGKILL', errors: '' });
}

test(`kill -9 in the middle of a rotation, ${kills} times: nothing is unreadable, and the next one goes on`, async () => {
  const folder = temporaryFolder();
  await fill(folder);
  const draw = drawFrom(seed);
  let child = start(folder);
  let broken = 0;
  for (let i = 0; i < kills; i += 1) {
    await killed(child, draw);
    child = start(folder);
    const world = await openEncryptedStore({}, folder);
    const { rotating, done, total } = await world.store.rotation.progress();
    if (rotating && done > 0 && done < total) broken += 1;
    expect(await unreadable(world)).toEqual({ read: 2 * secrets + changed, lost: [] });
    await world.close();
  }
  // Most of the kills came in the middle, or they showed nothing.
  expect(broken).toBeGreaterThan(kills / 2);

  const world = await openEncryptedStore({}, folder);
  const end = await world.store.rotation.rotate(world.admin, await opened(world));
  const total = secrets + changed;
  expect(end).toMatchObject({ rotating: false, total, done: total });
  expect(end.keyVersion).toBeGreaterThan(1);
  expect(await unreadable(world)).toEqual({ read: 2 * secrets + changed, lost: [] });
  expect((await opened(world)).masters).toHaveLength(1);
  await world.close();
});
