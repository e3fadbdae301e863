import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { secretType } from '../../host/src/domain/secrets';
import { openDatabase } from '../../host/src/persistence/open-database';
import { startTypeScript } from '../support/children';

const child = join(__dirname, 'database-child.ts');
let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'latchkey-database-'));
  file = join(folder, 'data', 'latchkey.db');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function saved(): Promise<string[]> {
  const database = await openDatabase({ file });
  const { rows } = await database.rows.list(secretType, { scope: { kind: 'all' }, limit: 100, offset: 0 });
  await database.close();
  return rows.map(({ name }) => name);
}

test.each([1, 2, 3])(
  'two processes that start at once on no file both succeed, round %i',
  async () => {
    const outcomes = await Promise.all(
      ['one', 'two'].map(async (name) => {
        const { process: running, lines, ended } = startTypeScript(child, [file]);
        running.stdin.end(`save ${name}\n`);
        const said: string[] = [];
        for await (const line of lines) said.push(line);
        return { said, ...(await ended) };
      }),
    );
    const well = { said: ['open', 'saved'], code: 0, errors: '' };
    expect(outcomes).toEqual([well, well]);
    expect(await saved()).toEqual(['one', 'two']);
  },
  60_000,
);

const onLinux = process.platform === 'linux' ? describe : describe.skip;

onLinux('with a limit on the size of files', () => {
  test('a save on a full disk fails whole, and what comes later is kept or undone as ever', async () => {
    const { process: running, lines, ended } = startTypeScript(child, [file]);
    const limitFiles = (bytes: string) =>
      execFileSync('prlimit', ['--pid', String(running.pid), `--fsize=${bytes}:unlimited`]);
    const said = lines[Symbol.asyncIterator]();
    const next = async () => (await said.next()).value as string;
    const ask = async (line: string) => {
      running.stdin.write(`${line}\n`);
      return next();
    };
    await next();
    const outcomes = [await ask('save before')];
    limitFiles('1');
    outcomes.push(await ask('save full'), await ask('save still-full'));
    limitFiles('unlimited');
    outcomes.push(await ask('abandon undone'), await ask('save after'));
    running.kill('SIGKILL');
    await ended;
    expect(outcomes).toEqual([
      'saved',
      'failed The change could not be kept: the disk of the database is full, or fails.',
      'failed The change could not be kept: the disk of the database is full, or fails.',
      'failed abandoned',
      'saved',
    ]);
    expect(await saved()).toEqual(['after', 'before']);
  }, 60_000);
});
