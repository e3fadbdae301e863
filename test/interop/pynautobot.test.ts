import { execFile } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { readPage } from '../docs/page';
import { startHost, type HostProcess } from '../support/host-process';
import { pythonEnvironment } from '../support/python-env';
import { removeTemporaryFolders } from '../support/temporary-folder';
import { describePython } from './support/python-tests';

jest.setTimeout(120_000);

// The modules for Ansible, which are built on pynautobot, are in none of the registries that Python packages come from:
// `test_secrets.py` keeps a record in a state as they do.
const newest = pythonEnvironment(['pynautobot==3.2.0']);
const oldest = pythonEnvironment(['pynautobot==2.1.1']);
const run = promisify(execFile);
const folder = join(__dirname, 'pynautobot');
const files = readdirSync(folder).filter((name) => /^test_\w+\.py$/.test(name));

let host: HostProcess;
beforeAll(async () => {
  host = await startHost({ env: { INTEROP: 'value-of-a-test' } });
});
afterAll(async () => {
  await host?.stop();
  removeTemporaryFolders();
});
const world = () => ({ LATCHKEY_URL: host.url, LATCHKEY_TOKEN: host.token });

describe('the newest pynautobot', () => {
  for (const file of files) describePython(file, join(folder, file), newest, world);
});

(newest === undefined ? describe.skip : describe)('what the documentation shows', () => {
  test('prints what it says', async () => {
    const [, shown = ''] = /```python\n(.*?)```/s.exec(readPage('docs/reference/rest.md')) ?? [];
    const program = shown.replace('http://127.0.0.1:8700', host.url);
    const { stdout } = await run(join(String(newest), 'bin/python'), ['-c', program], { env: world() });
    expect(stdout).toBe(`${/# (.*)$/m.exec(shown)?.[1]}\n`);
  });
});

describe('the oldest pynautobot', () => {
  describePython('oldest.py', join(folder, 'oldest.py'), oldest, world);
});
