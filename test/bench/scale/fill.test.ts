import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { secretType } from '../../../host/src/domain/secrets';
import { openDatabase, type Place } from '../../../host/src/persistence/open-database';
import { openSource } from '../../../host/src/persistence/source';
import { describeEngines } from '../../support/engines';
import { query } from '../../support/postgres';

const count = 12;

function statements(engine: 'sqlite' | 'postgres'): string[] {
  const script = `import { fillSecrets } from '${pathToFileURL(join(__dirname, 'fill.mjs'))}';
    const said = [];
    const query = async (text) => said.push(text);
    await fillSecrets({ engine: '${engine}', query }, { count: ${count}, variable: 'A_VARIABLE' });
    process.stdout.write(JSON.stringify(said));`;
  const said = execFileSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' });
  return JSON.parse(said) as string[];
}

type Row = Readonly<Record<string, unknown>>;

async function asking(place: Place, work: (ask: (text: string) => Promise<Row[]>) => Promise<unknown>): Promise<void> {
  if (place.url !== undefined) return void (await work((text) => query(place.url, text)));
  const source = await openSource({ file: place.file, busyTimeout: 1_000 });
  await work((text) => source.query(text) as Promise<Row[]>);
  await source.destroy();
}

async function tablesOf(place: Place): Promise<Row[][]> {
  const tables: Row[][] = [];
  const orders = { secrets: '"id"', secrets_parameters_leaves: '"owner_id", "path"', latchkey_sequences: '"name"' };
  await asking(place, async (ask) => {
    for (const [table, order] of Object.entries(orders))
      tables.push(await ask(`SELECT * FROM "${table}" ORDER BY ${order}`));
  });
  return tables;
}

describeEngines('a filled table', ({ name, newDatabase }) => {
  jest.setTimeout(60_000);

  test("is as the host's own writes would leave it", async () => {
    const [filled, written] = [await newDatabase(), await newDatabase()];
    const [from, to] = [await openDatabase(filled), await openDatabase(written)];
    const said = statements(name === 'SQLite' ? 'sqlite' : 'postgres');
    await asking(filled, async (ask) => {
      if (name === 'SQLite') for (const text of said) await ask(text);
      else await ask(said.join(';\n'));
    });
    const { rows } = await from.rows.list(secretType, { scope: { kind: 'all' }, limit: 1000, offset: 0 });
    expect(rows).toHaveLength(count);
    await to.run(async (transaction) => {
      for (const row of [...rows].toSorted((a, b) => a.number - b.number)) await transaction.insert(secretType, row);
    });
    expect(await tablesOf(filled)).toEqual(await tablesOf(written));
    await from.close();
    await to.close();
  });
});
