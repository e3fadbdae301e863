import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Host } from '../../host/src/compose';
import { openAccessLog } from '../../host/src/persistence/open-access-log';
import { entryAt } from '../support/access-entries';
import { runCommand } from '../support/command';
import { adminToken } from '../support/host-process';
import { openLocalHost } from '../support/local-host';
import { restClient } from '../support/rest-client';
import { removeTemporaryFolders, temporaryFolder } from '../support/temporary-folder';

jest.setTimeout(180_000);

let dataDir: string;
let host: Host | undefined;
beforeEach(() => {
  dataDir = temporaryFolder();
});
afterEach(async () => {
  await host?.close();
  host = undefined;
});
afterAll(removeTemporaryFolders);

/** Keeps records of these times, in this order. */
async function record(times: readonly string[]): Promise<void> {
  const log = await openAccessLog({ file: join(dataDir, 'access-records.sqlite'), version: async () => 1 });
  await Promise.all(times.map((time, nth) => log.append(entryAt(time, { request_id: `r${nth}` }))));
  await log.close();
}

const linesOf = (text: string) =>
  text
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Record<string, unknown>);
const dayOf = (nth: number) => `2026-0${1 + (nth % 3)}-01T00:00:00.000Z`;

describe('latchkey audit export', () => {
  test('writes every record of a running host, over several pages, and tells how many', async () => {
    await record(Array.from({ length: 2500 }, (_, nth) => dayOf(nth)));
    host = await openLocalHost({ data_dir: dataDir });
    await host.listen();
    const { code, stdout, stderr } = await runCommand(['audit', 'export', '--data-dir', dataDir]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '2500 access records.\n' });
    const lines = linesOf(stdout);
    expect(lines.map(({ number }) => number)).toEqual(Array.from({ length: 2500 }, (_, nth) => nth + 1));
    expect(lines[1]).toMatchObject({ time: dayOf(1), request_id: 'r1' });
  });

  test('without a host: the times given, into a new file for its owner, which is never written over', async () => {
    await record(Array.from({ length: 9 }, (_, nth) => dayOf(nth)));
    const file = join(temporaryFolder(), 'february.jsonl');
    const times = ['--since', '2026-02-01', '--until', '2026-03-01T00:00:00Z'];
    const run = () => runCommand(['audit', 'export', '--data-dir', dataDir, '--file', file, ...times]);
    const first = await run();
    expect(first).toMatchObject({ code: 0, stdout: '' });
    expect(first.stderr).toMatch(/\n3 access records, written to .*february\.jsonl\.\n$/);
    const text = readFileSync(file, 'utf8');
    expect(linesOf(text).map(({ number }) => number)).toEqual([2, 5, 8]);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const again = await run();
    expect(again.code).toBe(5);
    expect(again.stderr).toContain('is there already');
    expect(readFileSync(file, 'utf8')).toBe(text);
  });

  test('what is no time is a misunderstanding, and leaves no file', async () => {
    const file = join(dataDir, 'none.jsonl');
    const answer = await runCommand(['audit', 'export', '--data-dir', dataDir, '--file', file, '--since', 'yesterday']);
    expect(answer).toMatchObject({ code: 2, stderr: expect.stringContaining('"yesterday" is no time') });
    expect(existsSync(file)).toBe(false);
  });
});

describe('retention', () => {
  const until = async (met: () => Promise<boolean>) => {
    while (!(await met())) await new Promise((resolve) => setTimeout(resolve, 50));
  };

  test('a host removes what is older than it is kept, and nothing without the setting', async () => {
    const recent = new Date().toISOString();
    await record([...Array.from({ length: 1200 }, () => '2020-01-01T00:00:00.000Z'), recent, recent]);
    host = await openLocalHost({ data_dir: dataDir });
    const count = async (url: string) => (await restClient(url, adminToken)('GET', '/api/audit/entries/')).body.count;
    expect(await count(await host.listen())).toBe(1202);
    await host.close();
    host = await openLocalHost({ data_dir: dataDir, audit_keep_days: '30' });
    const url = await host.listen();
    await until(async () => (await count(url)) === 2);
  });

  test('the change log is kept as long as it is told', async () => {
    host = await openLocalHost({ data_dir: dataDir });
    const rest = restClient(await host.listen(), adminToken);
    const made = await rest('POST', '/api/extras/tags/', { body: { name: 'one', content_types: ['extras.secret'] } });
    expect(made.status).toBe(201);
    await host.close();
    jest.useFakeTimers({
      now: Date.now() + 100 * 86_400_000,
      doNotFake: [
        'nextTick',
        'setImmediate',
        'setTimeout',
        'setInterval',
        'clearTimeout',
        'clearInterval',
        'queueMicrotask',
        'performance',
        'hrtime',
      ],
    });
    try {
      host = await openLocalHost({ data_dir: dataDir, changes_keep_days: 99 });
      const later = restClient(await host.listen(), adminToken);
      await until(async () => (await later('GET', '/api/extras/object-changes/')).body.count === 0);
      expect((await later('GET', '/api/extras/tags/')).body.count).toBe(1);
    } finally {
      jest.useRealTimers();
    }
  });
});
