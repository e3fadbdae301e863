import { writeSync } from 'node:fs';

import type { NewAccessEntry } from '../../host/src/domain/audit';
import { openAccessLog } from '../../host/src/persistence/open-access-log';

// Appends from a few callers at once, and says the number of an entry once it is acknowledged, until it is killed.
const [file = '', callers = '4'] = process.argv.slice(2);
const nobody = {
  user_id: null,
  user: 'admin',
  action: 'use',
  secret_id: null,
  secret: 'a secret',
  secrets_group_id: null,
  secrets_group: null,
  access_type: null,
  secret_type: null,
  object_id: null,
  object_type: null,
  object: null,
  provider: 'environment-variable',
  decision: 'allowed',
  rule: 'superuser',
  outcome: 'ok',
  duration_us: 1,
} as const satisfies Partial<NewAccessEntry>;

async function main(): Promise<void> {
  // A write past a limit on file sizes then fails as on a full disk, instead of killing the process.
  process.on('SIGXFSZ', () => undefined);
  const log = await openAccessLog({ file, version: async () => 1 });
  let next = 0;
  const call = async (): Promise<void> => {
    for (;;) {
      const request_id = `${process.pid}-${next++}`;
      try {
        await log.append({ ...nobody, time: new Date().toISOString(), request_id });
        writeSync(1, `kept ${request_id}\n`);
      } catch (error) {
        writeSync(1, `refused ${(error as { code?: string }).code} ${request_id}\n`);
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    }
  };
  await Promise.all(Array.from({ length: Number(callers) }, call));
}

void main();
