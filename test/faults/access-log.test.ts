import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { accessEntryType } from '../../host/src/domain/audit';
import { openAccessLog } from '../../host/src/persistence/open-access-log';
import { startTypeScript } from '../support/children';

const child = join(__dirname, 'access-log-child.ts');
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'latchkey-access-log-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function recorded(file: string): Promise<Set<string | null>> {
  const log = await openAccessLog({ file, version: async () => 1 });
  try {
    const { rows } = await log.rows.list(accessEntryType, { scope: { kind: 'all' }, limit: 1_000_000, offset: 0 });
    return new Set(rows.map(({ request_id }) => request_id));
  } finally {
    await log.close();
  }
}

test('an acknowledged entry is there after kill -9, twenty times', async () => {
  const file = join(folder, 'access.db');
  const acknowledged: string[] = [];
  for (let round = 0; round < 20; round++) {
    const { process: running, lines, ended } = startTypeScript(child, [file]);
    const before = acknowledged.length;
    for await (const line of lines) {
      const [outcome, id = ''] = line.split(' ');
      if (outcome !== 'kept') throw new Error(line);
      acknowledged.push(id);
      // Those still in the pipe when it is killed were acknowledged too, so the loop reads on to the end.
      if (acknowledged.length === before + 1 + round) running.kill('SIGKILL');
    }
    const { code, errors } = await ended;
    expect({ code, errors }).toEqual({ code: 'SIGKILL', errors: '' });
    const kept = await recorded(file);
    expect(acknowledged.filter((id) => !kept.has(id))).toEqual([]);
  }
  expect(acknowledged.length).toBeGreaterThanOrEqual(210);
}, 180_000);

const onLinux = process.platform === 'linux' ? describe : describe.skip;

onLinux('with a limit on the size of files', () => {
  test('a disk that takes no more refuses entries, and keeps them again once it does', async () => {
    const file = join(folder, 'access.db');
    const { process: running, lines, ended } = startTypeScript(child, [file]);
    const limitFiles = (bytes: string) =>
      execFileSync('prlimit', ['--pid', String(running.pid), `--fsize=${bytes}:unlimited`]);
    const kept: string[] = [];
    const refused: string[] = [];
    const codes = new Set<string | undefined>();
    let keptBefore = 0;
    let stage: 'healthy' | 'full' | 'recovered' = 'healthy';
    for await (const line of lines) {
      const words = line.split(' ');
      const id = words.at(-1) as string;
      if (words[0] === 'kept') kept.push(id);
      else {
        codes.add(words[1]);
        refused.push(id);
      }
      if (stage === 'healthy' && kept.length === 20) {
        stage = 'full';
        limitFiles('1');
      } else if (stage === 'full' && refused.length === 20) {
        stage = 'recovered';
        keptBefore = kept.length;
        limitFiles('unlimited');
      } else if (stage === 'recovered' && kept.length === keptBefore + 20) running.kill('SIGKILL');
    }
    await ended;
    expect([...codes]).toEqual(['access-record']);
    const inFile = await recorded(file);
    expect(kept.filter((id) => !inFile.has(id))).toEqual([]);
    expect(refused.filter((id) => inFile.has(id))).toEqual([]);
  }, 60_000);
});
