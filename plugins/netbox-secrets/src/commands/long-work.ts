import { setTimeout as pause } from 'node:timers/promises';
import type { PluginCall, PluginReport } from '@latchkey/host/extend';
import type { JobState } from '../importing/jobs';

// Asked often at first, so that short work is not waited for.
const first = 50;
const slowest = 500;
const saidEvery = 3_000;

/** Begins work of the host and waits for its end; how far it is is told at once, and every few seconds. */
export async function watched(
  { request, note }: PluginCall,
  wanted: {
    readonly address: string;
    readonly body: unknown;
    readonly told: (progress: JobState['progress']) => string;
  },
): Promise<JobState> {
  let work = await request<JobState>('POST', `/netbox-secrets/${wanted.address}`, wanted.body);
  let wait = first;
  let saidAt = -Infinity;
  while (work.state === 'running') {
    if (Date.now() - saidAt >= saidEvery) {
      note(wanted.told(work.progress));
      saidAt = Date.now();
    }
    await pause(wait);
    wait = Math.min(slowest, wait * 2);
    work = await request<JobState>('GET', `/netbox-secrets/work/${work.id}/`);
  }
  return work;
}

/** The report of work that failed. */
export const failed = ({ problem = 'It failed.' }: JobState, ...hints: readonly string[]): PluginReport => ({
  json: { problem },
  shown: [problem, ...hints],
  good: false,
});

/** The report of an answer with a few facts. */
export const shownAs = (json: Readonly<Record<string, unknown>>): PluginReport => ({
  json,
  shown: [
    { columns: ['what', 'value'], rows: Object.entries(json).map(([name, fact]) => [name, JSON.stringify(fact)]) },
  ],
});
