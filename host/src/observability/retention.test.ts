import type { LogFields } from '@latchkey/core';
import { retentionJobs } from './retention';

const nobody = { rows: undefined, run: undefined } as never;
const day = 86_400_000;

function logger() {
  const lines: [string, LogFields | undefined][] = [];
  const info = (message: string, fields?: LogFields) => void lines.push([message, fields]);
  return { lines, logger: { info, debug: info, warn: info, error: info } };
}

test('without a setting nothing is ever removed', () => {
  const keep = { audit: undefined, changes: undefined };
  const removeOldest = () => Promise.reject(new Error('asked'));
  expect(retentionJobs({ keep, removeOldest, unitOfWork: nobody, logger: logger().logger })).toEqual([]);
});

test('removes batch after batch until none is older, and logs how many', async () => {
  const batches = [500, 500, 20, 0];
  const asked: string[] = [];
  const { logger: log, lines } = logger();
  const [job] = retentionJobs({
    keep: { audit: 3, changes: undefined },
    removeOldest: async (before) => (asked.push(before), batches.shift() ?? 0),
    unitOfWork: nobody,
    logger: log,
    now: () => 10 * day,
  });
  await job?.run(new AbortController().signal);
  const before = new Date(7 * day).toISOString();
  expect(asked).toEqual([before, before, before, before]);
  const told = { what: 'access records', before, removed: 1020 };
  expect(lines).toEqual([['Removed what is older than it is kept', told]]);
});

test('what was removed before a failure is logged as well; a stop ends the run after its batch', async () => {
  const { logger: log, lines } = logger();
  const stop = new AbortController();
  const answers = [() => 500, () => Promise.reject(new Error('gone')), () => (stop.abort(), 7)];
  const [job] = retentionJobs({
    keep: { audit: 1, changes: undefined },
    removeOldest: async () => answers.shift()?.() ?? 0,
    unitOfWork: nobody,
    logger: log,
  });
  await expect(job?.run(stop.signal)).rejects.toThrow('gone');
  await job?.run(stop.signal);
  expect(lines.map(([, fields]) => fields?.['removed'])).toEqual([500, 7]);
  expect(answers).toEqual([]);
});
