import type { NewAccessEntry } from '../../domain/audit';
import type { AccessLog } from '../../domain/ports';
import type { Answered } from '../request-log';
import { bounded } from './bounded';
import { createMetrics } from './create-metrics';

const answered: Answered = {
  method: 'GET',
  route: '/api/extras/secrets/:id/',
  status: 200,
  milliseconds: 3,
  requestId: 'canary-request',
  user: 'canary-user',
  address: '192.0.2.77',
};
const entry = {
  user: 'canary-user',
  secret: 'canary-secret',
  object: 'canary-object',
  rule: 'canary-rule',
  request_id: 'canary-request',
  action: 'use',
  provider: 'text-file',
  outcome: 'ok',
  duration_us: 1500,
} as unknown as NewAccessEntry;

/** A log that keeps every entry at this version. */
const logOf = (version: number): Pick<AccessLog, 'append'> => ({ append: () => Promise.resolve(version) });

/** The lines of the figures that belong to a host. */
async function linesOf(metrics: ReturnType<typeof createMetrics>): Promise<string[]> {
  return (await metrics.text()).split('\n').filter((line) => line.startsWith('latchkey_'));
}

test('requests are counted by method, pattern and status, and timed', async () => {
  const metrics = createMetrics();
  for (const status of [200, 200, 404]) metrics.answered({ ...answered, status });
  const lines = await linesOf(metrics);
  const route = 'method="GET",route="/api/extras/secrets/:id/"';
  expect(lines).toContain(`latchkey_http_requests_total{${route},status="200"} 2`);
  expect(lines).toContain(`latchkey_http_requests_total{${route},status="404"} 1`);
  expect(lines).toContain(`latchkey_http_request_duration_seconds_bucket{le="0.0025",${route}} 0`);
  expect(lines).toContain(`latchkey_http_request_duration_seconds_bucket{le="0.005",${route}} 3`);
});

test('reads are counted by what they came to, without who, what and where', async () => {
  const metrics = createMetrics();
  const log = metrics.counting(logOf(7));
  expect(await log.append(entry)).toBe(7);
  await log.append({ ...entry, provider: null, outcome: 'forbidden' });
  metrics.answered(answered);
  const text = await metrics.text();
  expect(text).toContain('latchkey_reads_total{action="use",provider="text-file",outcome="ok"} 1');
  expect(text).toContain('latchkey_reads_total{action="use",provider="none",outcome="forbidden"} 1');
  expect(text).toContain('latchkey_read_duration_seconds_sum{provider="text-file"} 0.0015');
  expect(text).not.toMatch(/canary|192\.0\.2/);
});

test('whatever clients send, the series stay as many', async () => {
  const metrics = createMetrics();
  const log = metrics.counting(logOf(1));
  const send = async (count: number): Promise<number> => {
    for (let n = 0; n < count; n += 1) {
      metrics.answered({ ...answered, method: `M${n}`, route: undefined, status: 404 });
      await log.append({ ...entry, provider: `p${n}`, outcome: `o${n}` });
    }
    return (await linesOf(metrics)).length;
  };
  const before = await send(200);
  expect(await send(1000)).toBe(before);
});

test('a label is told as it is up to a bound', () => {
  const label = bounded(2);
  expect(['a', 'b', 'c', 'a', 'd'].map(label)).toEqual(['a', 'b', 'other', 'a', 'other']);
});

test('commits are counted by size and time, failed ones apart', async () => {
  const metrics = createMetrics();
  metrics.committed({ size: 64, milliseconds: 4, failed: false });
  metrics.committed({ size: 64, milliseconds: 4, failed: true });
  const lines = await linesOf(metrics);
  expect(lines).toContain('latchkey_record_commit_entries_sum 64');
  expect(lines).toContain('latchkey_record_commit_duration_seconds_bucket{le="0.005"} 1');
  expect(lines).toContain('latchkey_record_commit_failures_total 1');
});

test('the state is that of the moment; what is gone is not told any more', async () => {
  const metrics = createMetrics();
  const state = { hits: 1, ready: true, checks: { database: true } as Record<string, boolean>, status: 'loaded' };
  metrics.tell({
    version: '1.2.3',
    lookups: () => ({ hits: state.hits, misses: 5 }),
    fetches: () => ({ fetches: 2, joined: 3 }),
    plugins: () => [{ id: 'text-file', status: state.status }],
    ready: () => Promise.resolve(state),
  });
  expect(await linesOf(metrics)).toEqual(
    expect.arrayContaining([
      `latchkey_build_info{version="1.2.3",node="${process.version}"} 1`,
      'latchkey_definition_lookups_total{from="memory"} 1',
      'latchkey_definition_lookups_total{from="database"} 5',
      'latchkey_fetches_total{way="shared"} 3',
      'latchkey_plugin_state{plugin="text-file",status="loaded"} 1',
      'latchkey_ready 1',
      'latchkey_check{check="database"} 1',
    ]),
  );
  Object.assign(state, { hits: 9, ready: false, checks: { database: false }, status: 'failed' });
  const lines = await linesOf(metrics);
  expect(lines).toEqual(
    expect.arrayContaining([
      'latchkey_definition_lookups_total{from="memory"} 9',
      'latchkey_plugin_state{plugin="text-file",status="failed"} 1',
      'latchkey_ready 0',
      'latchkey_check{check="database"} 0',
    ]),
  );
  expect(lines.filter((line) => line.startsWith('latchkey_plugin_state'))).toHaveLength(1);
});

test('the figures of the process are there, and those of two hosts do not meet', async () => {
  const [one, two] = [createMetrics(), createMetrics()];
  one.answered(answered);
  expect(await one.text()).toMatch(/^nodejs_eventloop_lag_p99_seconds \d/m);
  expect(await two.text()).toMatch(/^process_resident_memory_bytes \d/m);
  expect((await linesOf(two)).some((line) => line.startsWith('latchkey_http_requests_total'))).toBe(false);
});
