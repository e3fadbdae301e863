import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { secretsProviders } from '@latchkey/core';
import { createKernel } from '@latchkey/core/kernel';

interface Fixture {
  readonly name: string;
  readonly expected: string;
  readonly beside?: readonly string[];
  readonly configuration?: Readonly<Record<string, unknown>>;
}

const folder = join(__dirname, '../fixtures/plugins');
const read = (illness: string): Fixture => JSON.parse(readFileSync(join(folder, illness, 'package.json'), 'utf8'));
const ran = globalThis as { latchkeyFixtureRan?: boolean };

async function lineOf(illness: string) {
  const { name, beside = [], configuration } = read(illness);
  const illnesses = [...beside, illness];
  const kernel = createKernel({
    plugins: [...beside, illness].map((each) => ({ folder: join(folder, each) })),
    allowFailure: illnesses.map((each) => read(each).name),
    limits: { start: 50 },
    ...(configuration && { config: { [illness]: configuration } }),
  });
  const report = await kernel.start();
  const slugs = kernel.contributions(secretsProviders).map(({ value }) => value.slug);
  await kernel.stop();
  return { report, slugs, line: report.lines.find((each) => each.package === name) };
}

describe.each(readdirSync(folder))('the plugin %s', (illness) => {
  test('gives the report line that it announces, and leaves nothing behind', async () => {
    delete ran.latchkeyFixtureRan;
    const { report, slugs, line } = await lineOf(illness);
    expect([line?.status, line?.reason].filter(Boolean).join(': ')).toBe(read(illness).expected);
    expect(ran.latchkeyFixtureRan).toBeUndefined();
    expect(slugs).toEqual([illness, ...(read(illness).beside ?? [])].filter((each) => each === 'healthy'));
    expect(String(report)).not.toContain('hunter2');
    expect(line?.code ?? 'plugin-none').toMatch(/^plugin-/);
  });
});
