import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runCommand } from '../support/command';
import { pairs } from '../support/encrypted-store';
import { startHost, type HostProcess } from '../support/host-process';
import { removeTemporaryFolders, temporaryFolder } from '../support/temporary-folder';

jest.setTimeout(120_000);

let host: HostProcess;
let folder: string;
beforeAll(async () => {
  host = await startHost();
  folder = temporaryFolder();
});
afterAll(async () => {
  await host?.stop();
  removeTemporaryFolders();
});

const netbox = (...parameters: string[]) =>
  runCommand(['netbox', ...parameters, '--output', 'json'], { LATCHKEY_DATA_DIR: host.dataDir });

function written(name: string, text: string): string {
  const file = join(folder, name);
  writeFileSync(file, text);
  return file;
}

test('a lost recovery sheet is replaced by a command, and a drill tells the two apart', async () => {
  const made = await host.rest('POST', '/api/plugins/secrets/user-keys/', { body: { public_key: pairs.first.public } });
  const first = written('first.txt', made.body.recovery_sheet);
  expect((await netbox('drill', first)).code).toBe(0);
  const privateKey = written('admin.pem', pairs.first.private);
  const { code, stdout } = await netbox('recovery-key', '--user', 'admin', '--private-key', privateKey);
  expect(code).toBe(0);
  const { recovery_sheet: sheet, opens } = JSON.parse(stdout) as { recovery_sheet: string; opens: number };
  expect([sheet.split('\n')[0], opens]).toEqual([expect.stringMatching(/^LATCHKEY RECOVERY KEY [0-9a-f]{16}$/i), 1]);
  expect((await netbox('drill', first)).code).not.toBe(0);
  expect((await netbox('drill', written('second.txt', sheet))).code).toBe(0);
  expect(host.stdout() + host.stderr()).toContain('A new recovery key took the place of the one before');
});
