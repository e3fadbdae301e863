import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { removeTemporaryFolders, temporaryFolder } from '../../support/temporary-folder';

// Starts hosts and PostgreSQL; says nothing of speed, which a test must not depend on.
jest.setTimeout(300_000);
afterAll(removeTemporaryFolders);

interface Line {
  readonly engine: string;
  readonly values: readonly number[];
  readonly growth: number;
  readonly most?: number;
  readonly met?: boolean;
}

test('a quick run of the scale measures the same figures of every engine, and judges those with a target', () => {
  const out = temporaryFolder();
  const bench = join(__dirname, '../main.mjs');
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['--disallow-code-generation-from-strings', bench, '--scale', '--quick', '--markdown', '--out', out],
    { encoding: 'utf8' },
  );
  expect({ status, stderr: status === 0 ? '' : stderr }).toEqual({ status: 0, stderr: '' });
  const { sizes, lines } = JSON.parse(readFileSync(join(out, 'scale.json'), 'utf8')) as {
    readonly sizes: readonly number[];
    readonly lines: readonly Line[];
  };
  const engines = stderr.includes('PostgreSQL is not installed') ? ['SQLite'] : ['SQLite', 'PostgreSQL'];
  expect(lines.map(({ engine }) => engine)).toEqual(engines.flatMap((engine) => Array(11).fill(engine) as string[]));
  for (const { values, growth, most, met } of lines) {
    expect(values.filter((value) => value > 0)).toHaveLength(sizes.length);
    expect(met).toBe(most === undefined ? undefined : growth <= most);
  }
  expect(lines.filter(({ met }) => met !== undefined)).toHaveLength(4 * engines.length);
  expect(readFileSync(join(out, 'scale.md'), 'utf8')).toBe(stdout);
});
