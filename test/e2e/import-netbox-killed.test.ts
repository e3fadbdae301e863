import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { wrapLegacyMasterKey } from '../../plugins/netbox-secrets/src/crypto/legacy';
import { runCommand, type CommandEnd } from '../support/command';
import { startHost, type HostProcess } from '../support/host-process';
import { sqlDump } from '../support/netbox-dump';
import { masterKey, sealed } from '../support/netbox-plan';
import { netboxKeyPair, netboxWorld } from '../support/netbox-world';
import { removeTemporaryFolders, temporaryFolder } from '../support/temporary-folder';

jest.setTimeout(180_000);

const hosts: HostProcess[] = [];
async function started(options: Parameters<typeof startHost>[0] = {}): Promise<HostProcess> {
  const host = await startHost(options);
  hosts.push(host);
  return host;
}
afterAll(async () => {
  await Promise.all(hosts.map((host) => host.kill9()));
  removeTemporaryFolders();
});

const total = 400;
const older = 20;
const secretsPath = '/api/secrets/secrets/';
// When the host is killed: as soon as it has so many of these.
const kills = [
  ['/api/users/users/', 2],
  [secretsPath, total / 4],
  [secretsPath, total / 2],
] as const;
const valueOf = (number: number): string => `value ${number}`;

function writeDump(): { readonly dump: string; readonly keyFile: string } {
  const keys = { admin: netboxKeyPair(), alice: netboxKeyPair(), bob: netboxKeyPair() };
  const numbers = Array.from({ length: total }, (_, at) => at + 1);
  const secrets = numbers.map((pk) => ({ pk, ...sealed(valueOf(pk)) }));
  const changes = secrets.slice(0, older).flatMap(({ pk, ciphertext, hash }) => [
    { secret: pk, ...sealed(`before ${pk}`), action: 'create' },
    { secret: pk, ciphertext, hash },
  ]);
  const wrap = (publicKey: Parameters<typeof wrapLegacyMasterKey>[0]) => wrapLegacyMasterKey(publicKey, masterKey);
  const folder = temporaryFolder();
  const [dump, keyFile] = [join(folder, 'netbox.sql'), join(folder, 'admin.pem')];
  writeFileSync(dump, sqlDump(netboxWorld({ release: '2.9', wrap, secrets, changes }, keys)));
  writeFileSync(keyFile, keys.admin.privateKey.export({ type: 'pkcs8', format: 'pem' }));
  return { dump, keyFile };
}

const { dump, keyFile } = writeDump();
const parameters = ['import', 'netbox', dump, '--user', 'admin', '--private-key', keyFile, '--output', 'json'];
const imported = ({ dataDir }: HostProcess): Promise<CommandEnd> =>
  runCommand(parameters, { LATCHKEY_DATA_DIR: dataDir });

async function countOf({ rest }: HostProcess, path: string): Promise<number> {
  const { status, body } = await rest('GET', `${path}?limit=1`);
  if (status !== 200) throw new Error(`${path}: ${status}`);
  return (body as { readonly count: number }).count;
}

/** Begins an import, and kills the host once it has made so many rows. */
async function killedAt(host: HostProcess, path: string, rows: number): Promise<void> {
  const command = { hasEnded: false };
  const end = imported(host).finally(() => (command.hasEnded = true));
  while (!command.hasEnded && (await countOf(host, path)) < rows) await pause(5);
  await host.kill9();
  expect((await end).code).not.toBe(0);
}

/** The secrets, opened with the private key. */
async function opened({ rest }: HostProcess): Promise<Readonly<Record<string, unknown>>[]> {
  const privateKey = { private_key: readFileSync(keyFile, 'utf8') };
  const session = await rest('POST', '/api/secrets/get-session-key/', { body: privateKey });
  const headers = { 'X-Session-Key': (session.body as { session_key: string }).session_key };
  const found: Record<string, unknown>[] = [];
  for (;;) {
    const { body } = await rest('GET', `${secretsPath}?limit=200&offset=${found.length}`, { headers });
    const page = body as { readonly count: number; readonly results: typeof found };
    found.push(...page.results);
    if (page.results.length === 0 || found.length >= page.count) return found;
  }
}

const others = ['users/users', 'users/groups', 'users/tokens', 'users/permissions', 'plugins/secrets/user-keys']
  .concat('secrets/secret-roles', 'extras/object-changes')
  .map((path) => `/api/${path}/`);

/** How many of all the rest there are, and the values of one secret with an older one. */
async function restOf(host: HostProcess) {
  const counts = await Promise.all(others.map(async (path) => [path, await countOf(host, path)]));
  const { body } = await host.rest('GET', `${secretsPath}${older}/versions/`);
  return { counts, versions: body.results.map(({ version }: { readonly version: number }) => version) };
}

async function importedWhole(host: HostProcess): Promise<Readonly<Record<string, number>>> {
  const { code, stdout, stderr } = await imported(host);
  if (code !== 0) throw new Error(stderr);
  return (JSON.parse(stdout) as { readonly progress: Readonly<Record<string, number>> }).progress;
}

test('an import whose host is killed in the middle, again and again, goes on: all of it is there, once', async () => {
  const unbroken = await started();
  await importedWhole(unbroken);
  const expected = await restOf(unbroken);
  expect(expected.versions).toEqual([2, 1]);

  let host = await started();
  const { dataDir } = host;
  const found: number[] = [];
  for (const [path, rows] of kills) {
    await killedAt(host, path, rows);
    host = await started({ dataDir });
    found.push(await countOf(host, secretsPath));
  }
  // Each time it came further, and never to the end, or the kills have shown nothing.
  expect(found).toEqual(found.toSorted((a, b) => a - b));
  expect(kills.map(([path, rows], at) => path !== secretsPath || (found[at] ?? 0) >= rows)).not.toContain(false);
  expect(found.at(-1)).toBeLessThan(total);

  expect((await importedWhole(host)).made).toBeGreaterThan(0);
  expect((await importedWhole(host)).made).toBe(0);
  const secrets = await opened(host);
  const read = secrets.map(({ id, plaintext }) => [Number(id), plaintext] as const).toSorted(([a], [b]) => a - b);
  expect(read).toEqual(Array.from({ length: total }, (_, at) => [at + 1, valueOf(at + 1)]));
  expect(await restOf(host)).toEqual(expected);
});
