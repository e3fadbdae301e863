import { Counter, Histogram, type Registry } from 'prom-client';
import type { NewAccessEntry } from '../../domain/audit';
import type { Commit } from '../access-log';
import { bounded } from './bounded';

const seconds = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** Counts the reads, by what they came to and never by what was read. */
export function countReads(registry: Registry): (entry: NewAccessEntry) => void {
  const registers = [registry];
  const total = new Counter({
    name: 'latchkey_reads_total',
    help: 'Reads that were recorded, refused ones too.',
    labelNames: ['action', 'provider', 'outcome'],
    registers,
  });
  const duration = new Histogram({
    name: 'latchkey_read_duration_seconds',
    help: 'How long reads took, from the decision to the value, without the record.',
    labelNames: ['provider'],
    buckets: seconds,
    registers,
  });
  const [providers, outcomes] = [bounded(100), bounded(50)];
  return ({ action, provider, outcome, duration_us }) => {
    const slug = provider === null ? 'none' : providers(provider);
    total.inc({ action: action ?? 'none', provider: slug, outcome: outcomes(outcome ?? 'none') });
    duration.observe({ provider: slug }, (duration_us ?? 0) / 1e6);
  };
}

/** Counts the commits of records. */
export function countCommits(registry: Registry): (commit: Commit) => void {
  const registers = [registry];
  const entries = new Histogram({
    name: 'latchkey_record_commit_entries',
    help: 'Records that shared a durable commit.',
    buckets: [1, 2, 4, 8, 16, 32, 64, 128, 256, 512],
    registers,
  });
  const duration = new Histogram({
    name: 'latchkey_record_commit_duration_seconds',
    help: 'How long a durable commit of records took.',
    buckets: seconds,
    registers,
  });
  const failures = new Counter({
    name: 'latchkey_record_commit_failures_total',
    help: 'Commits of records that failed; the values of their reads were withheld.',
    registers,
  });
  return ({ size, milliseconds, failed }) => {
    if (failed) return failures.inc();
    entries.observe(size);
    duration.observe(milliseconds / 1000);
  };
}
