import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { removeTemporaryFolders, temporaryFolder } from '../support/temporary-folder';

// Loads servers and starts hosts; says nothing of speed, which a test must not depend on.
jest.setTimeout(180_000);
afterAll(removeTemporaryFolders);

interface Figure {
  readonly id: string;
  readonly title: string;
  readonly value: number;
  readonly unit: string;
  readonly target?: { readonly limit: number; readonly relation: '>=' | '<' };
  readonly met?: boolean;
}

const bench = (...args: string[]) =>
  spawnSync(process.execPath, ['--disallow-code-generation-from-strings', join(__dirname, 'main.mjs'), ...args], {
    encoding: 'utf8',
  });

test('a quick run measures every figure, and writes JSON and Markdown', () => {
  const out = temporaryFolder();
  const { status, stdout, stderr } = bench('--quick', '--out', out);
  expect({ status, stderr: status === 0 ? '' : stderr }).toEqual({ status: 0, stderr: '' });

  const result = JSON.parse(readFileSync(join(out, 'latest.json'), 'utf8')) as { readonly figures: Figure[] };
  expect(result).toMatchObject({ quick: true, client: 'node', node: process.version, syncMs: expect.any(Number) });
  const parts = new Set(result.figures.map(({ id }) => id.split('.')[0]));
  const postgres = stderr.includes('PostgreSQL is not installed') ? [] : ['postgres'];
  const all = ['template', 'resolve', 'record', ...postgres, 'rest', 'constraints', 'store', 'kills', 'start'];
  expect([...parts]).toEqual(all);
  expect(result.figures.filter(({ value }) => !(Number.isFinite(value) && value >= 0))).toEqual([]);
  expect(result.figures.filter(({ title }) => !stdout.includes(title))).toEqual([]);
  const judged = result.figures.flatMap(({ id, value, target, met }) => {
    if (!target) return [];
    return [{ id, met, expected: target.relation === '<' ? value < target.limit : value >= target.limit }];
  });
  expect(judged).toHaveLength(20 + 2 * postgres.length);
  expect(judged.filter(({ met, expected }) => met !== expected)).toEqual([]);
  expect(readFileSync(join(out, 'latest.md'), 'utf8')).toMatch(/^\| Figure \| Measured \| Target \|/m);
});

test.each([
  [['--only', 'nothing'], 'There is no part "nothing".'],
  [['--client', 'nobody'], 'The client is wrk or node.'],
  [['--fast'], "Unknown option '--fast'"],
])('%p is refused before anything is measured', (args, message) => {
  const { status, stderr } = bench(...args, '--out', temporaryFolder());
  expect(status).toBe(2);
  expect(stderr).toContain(message);
});
