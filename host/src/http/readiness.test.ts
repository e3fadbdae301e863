import type { StartupReport } from '@latchkey/core/kernel';
import { recordingLogger } from '@latchkey/core/testing';
import { createReadiness, type ReadinessParts } from './readiness';

const reporting = (...statuses: ('loaded' | 'failed')[]) =>
  ({ lines: statuses.map((status, n) => ({ id: `plugin-${n}`, status })) }) as unknown as StartupReport;

function arrange(replaced: Partial<ReadinessParts> = {}) {
  const logger = recordingLogger();
  const database = jest.fn(() => Promise.resolve());
  const parts = { checks: { database }, report: () => reporting('loaded'), stopping: () => false, logger };
  return { logger, database, ready: createReadiness({ ...parts, ...replaced }) };
}

test('a host whose parts work is ready', async () => {
  const { ready } = arrange();
  expect(await ready()).toEqual({ ready: true, checks: { database: true, plugins: true }, faults: [] });
});

test.each<[string, Partial<ReadinessParts>, string, string]>([
  [
    'a database that fails',
    { checks: { database: () => Promise.reject(Object.assign(new Error('canary'), { code: 'SQLITE_BUSY' })) } },
    'database',
    'database: Error SQLITE_BUSY',
  ],
  [
    'a check that throws at once',
    {
      checks: {
        database: () => {
          throw new TypeError('canary');
        },
      },
    },
    'database',
    'database: TypeError',
  ],
  [
    'a database that never answers',
    { checks: { database: () => new Promise(() => undefined) }, limit: 1 },
    'database',
    'database: no answer within 1 ms',
  ],
  [
    'a plugin that failed',
    { report: () => reporting('loaded', 'failed', 'failed') },
    'plugins',
    'plugins: failed: plugin-1, plugin-2',
  ],
  ['a host that is stopping', { stopping: () => true }, 'host', 'host: is stopping'],
])('%s is not ready, and says why without its words', async (_, replaced, part, fault) => {
  const { ready } = arrange(replaced);
  expect(await ready()).toMatchObject({ ready: false, checks: { [part]: false }, faults: [fault] });
});

test('a change is logged once, with its reason', async () => {
  const state = { stopping: false };
  const { ready, logger } = arrange({ stopping: () => state.stopping });
  await ready();
  state.stopping = true;
  for (const _ of [1, 2]) await ready();
  state.stopping = false;
  await ready();
  expect(logger.lines).toEqual([
    { level: 'warn', message: 'Not ready', fields: { faults: 'host: is stopping' } },
    { level: 'info', message: 'Ready', fields: {} },
  ]);
});

test('however many ask at once, each part is asked once, and the next time anew', async () => {
  const { ready, database } = arrange();
  await Promise.all(Array.from({ length: 50 }, ready));
  expect(database).toHaveBeenCalledTimes(1);
  await ready();
  expect(database).toHaveBeenCalledTimes(2);
});
