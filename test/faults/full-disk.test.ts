import { join } from 'node:path';
import { accessEntryType } from '../../host/src/domain/audit';
import { openAccessLog } from '../../host/src/persistence/open-access-log';
import { startTypeScript, type TypeScriptChild } from '../support/children';
import { runCommand } from '../support/command';
import { adminToken } from '../support/host-process';
import { restClient } from '../support/rest-client';
import { recordedChecks, unrecorded } from '../support/recorded-checks';
import { smallDisk, type SmallDisk } from '../support/small-disk';
import { create } from '../support/spine';
import { removeTemporaryFolders } from '../support/temporary-folder';

jest.setTimeout(120_000);

// Root alone may mount one, and not everywhere.
const disk = smallDisk(12);
const onSmallDisk = disk ? describe : describe.skip;
let child: TypeScriptChild | undefined;
afterAll(async () => {
  child?.process.kill('SIGKILL');
  await child?.ended;
  disk?.remove();
  removeTemporaryFolders();
});

async function start(dataDir: string) {
  child = startTypeScript(join(__dirname, '../../host/src/main.ts'), [], {
    LATCHKEY_PORT: '0',
    LATCHKEY_DATA_DIR: dataDir,
    LATCHKEY_SUPERUSER_API_TOKEN: adminToken,
    LATCHKEY_LOG_LEVEL: 'error',
  });
  let url = '';
  for await (const line of child.lines) if ((url = /listens on (http\S+),/.exec(line)?.[1] ?? '') !== '') break;
  child.process.stdout.resume();
  return restClient(url, adminToken);
}

onSmallDisk('on a small disk', () => {
  test('a full disk refuses reads and changes in words, loses nothing that was answered, and recovers by itself', async () => {
    const { folder, fill, free } = disk as SmallDisk;
    const rest = await start(folder);
    const parameters = { variable: 'PATH' };
    const body = { name: 'S', provider: 'environment-variable', parameters };
    const { id } = await create(rest, 'extras/secrets', body);
    const { check, answered, refused } = recordedChecks(rest, id);
    for (let i = 0; i < 20; i++) expect(await check()).toBe(200);

    fill();
    // What SQLite's journals hold already may be written over; then there is no room for anything.
    for (let i = 0; i < 5_000 && refused.length < 20; i++) await Promise.all([check(), check(), check(), check()]);
    expect(refused.length).toBeGreaterThanOrEqual(20);
    expect(refused).toEqual(refused.map(() => unrecorded));
    expect((await rest('GET', '/readyz', { token: null })).status).toBe(503);
    const description = 'x'.repeat(200);
    const changes = [];
    const details = new Set<string>();
    for (let i = 0; i < 2_000 && changes.at(-1) !== 503; i++) {
      const changed = await rest('PATCH', `/api/extras/secrets/${id}/`, {
        body: { description: `${i} ${description}` },
      });
      changes.push(changed.status);
      details.add(changed.status === 200 ? '' : String(changed.body.detail));
    }
    expect(changes.at(-1)).toBe(503);
    details.delete('');
    expect([...details]).toEqual(['The change could not be kept: the disk of the database is full, or fails.']);
    const { stdout } = await runCommand(['doctor', '--data-dir', folder, '--output', 'json']);
    const { findings } = JSON.parse(stdout) as { findings: { check: string; result: string }[] };
    expect(findings.filter(({ result }) => result === 'bad').map(({ check: name }) => name)).toEqual(
      expect.arrayContaining(['disk space']),
    );

    free();
    expect(await check()).toBe(200);
    expect((await rest('PATCH', `/api/extras/secrets/${id}/`, { body: { description: 'room' } })).status).toBe(200);
    const log = await openAccessLog({ file: join(folder, 'access-records.sqlite'), version: async () => 1 });
    const page = await log.rows.list(accessEntryType, { scope: { kind: 'all' }, limit: 100_000, offset: 0 });
    await log.close();
    const recorded = new Set(page.rows.map(({ request_id }) => request_id));
    expect(answered.filter((request) => !recorded.has(request))).toEqual([]);
  });
});
