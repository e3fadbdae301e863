import type { Client } from '../client';
import type { Call, CommandSpec } from '../command';
import { CommandError } from '../exit-codes';
import { openLines } from '../lines';
import type { Page } from '../rows';

interface Entry extends Readonly<Record<string, unknown>> {
  readonly number: number;
}

const address = '/api/audit/entries/';
const pageSize = 1000;

function timeOf({ maybe }: Call, name: 'since' | 'until'): string | undefined {
  const text = maybe(name);
  if (text === undefined) return undefined;
  const time = new Date(text);
  if (/^\d{4}-\d\d-\d\d/.test(text) && !Number.isNaN(time.getTime())) return time.toISOString();
  const remedy = 'Write a day or a time: 2026-11-25, or 2026-11-25T08:00:00Z.';
  throw new CommandError('usage', `--${name} "${text}" is no time.`, remedy);
}

type Query = Readonly<Record<string, string>>;

async function entries(client: Client, query: Query): Promise<readonly Entry[]> {
  const page = await client.request<Page<Entry>>('GET', `${address}?${new URLSearchParams(query).toString()}`);
  return page.results as unknown as readonly Entry[];
}

/**
 * The entries within the times in the order of their numbers, a page of numbers at a time: neither side holds them all,
 * no page counts what is before it, and what is recorded meanwhile is left out.
 */
async function* read(client: Client, times: Query): AsyncGenerator<readonly Entry[]> {
  const [first] = await entries(client, { ...times, sort: 'number', limit: '1' });
  const [last] = await entries(client, { ...times, sort: '-number', limit: '1' });
  if (!first || !last) return;
  for (let from = first.number; from <= last.number; from += pageSize) {
    const end = Math.min(from + pageSize, last.number + 1);
    const window = { number__gte: String(from), number__lt: String(end) };
    yield await entries(client, { ...times, ...window, sort: 'number', limit: String(pageSize) });
  }
}

/** `latchkey audit`. */
export const auditCommands: readonly CommandSpec[] = [
  {
    usage: 'audit export',
    summary: 'write access records as lines of JSON, the oldest first',
    options: [
      ['--since <time>', 'those of this time and later: 2026-11-25, or 2026-11-25T08:00:00Z'],
      ['--until <time>', 'those before this time'],
      ['--file <file>', 'write a new file, for its owner alone; standard output otherwise'],
    ],
    examples: [
      'audit export --since 2026-11-01 --until 2026-12-01 --file november.jsonl',
      'audit export --since 2026-11-25',
    ],
    more: () => 'A day begins at midnight UTC. How many were written is told on standard error.',
    async run(call) {
      const [since, until] = [timeOf(call, 'since'), timeOf(call, 'until')];
      const times = {
        ...(since !== undefined && { time__gte: since }),
        ...(until !== undefined && { time__lt: until }),
      };
      const file = call.maybe('file');
      const lines = await openLines(file);
      let count = 0;
      try {
        for await (const page of read(call.client, times)) {
          await lines.write(page);
          count += page.length;
        }
        await lines.end();
      } catch (error) {
        await lines.abandon();
        throw error;
      }
      call.note(`${count} access records${file === undefined ? '' : `, written to ${file}`}.`);
      return {};
    },
  },
];
