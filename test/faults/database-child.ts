import { randomUUID } from 'node:crypto';
import { writeSync } from 'node:fs';
import { createInterface } from 'node:readline';

import { secretType } from '../../host/src/domain/secrets';
import type { Transaction } from '../../host/src/domain/ports';
import { openDatabase } from '../../host/src/persistence/open-database';

// Opens a database and does what the lines of its input ask for: `save NAME`, `abandon NAME` (a transaction that fails).
async function main(): Promise<void> {
  // A write past a limit on file sizes then fails as on a full disk, instead of killing the process.
  process.on('SIGXFSZ', () => undefined);
  const database = await openDatabase({ file: process.argv[2] ?? '' });
  writeSync(1, 'open\n');
  for await (const line of createInterface(process.stdin)) {
    const [verb, name = ''] = line.split(' ');
    const work = async (transaction: Transaction): Promise<void> => {
      const time = new Date().toISOString();
      const parameters = { padding: 'x'.repeat(10_000) };
      const row = { id: randomUUID(), created: time, last_updated: time, name, slug: name, description: '' };
      await transaction.insert(secretType, { ...row, provider: 'environment-variable', parameters });
      if (verb === 'abandon') throw new Error('abandoned');
    };
    const outcome = await database.run(work).then(
      () => 'saved',
      (error: Error) => `failed ${error.message}`,
    );
    writeSync(1, `${outcome}\n`);
  }
  await database.close();
}

void main();
