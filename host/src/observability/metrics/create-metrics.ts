import { collectDefaultMetrics, Registry } from 'prom-client';
import type { AccessLog } from '../../domain/ports';
import type { Commit } from '../access-log';
import type { Answered } from '../request-log';
import { countCommits, countReads } from './reads';
import { countRequests } from './requests';
import { tellState, type MetricsSources } from './state';

/** The figures of a host. No label holds a secret's name, an address, a user, or anything else that a client chooses. */
export interface Metrics {
  answered(answered: Answered): void;
  committed(commit: Commit): void;
  /** The same log, whose entries are counted. */
  counting<Log extends Pick<AccessLog, 'append'>>(log: Log): Log;
  /** Adds what is asked when the figures are. */
  tell(sources: MetricsSources): void;
  readonly contentType: string;
  /** All figures, as Prometheus reads them. */
  text(): Promise<string>;
}

let ofProcess: Registry | undefined;

/** The figures of the process: they belong to it and not to a host, and what gathers them cannot be stopped. */
function processFigures(): Registry {
  if (!ofProcess) {
    ofProcess = new Registry();
    collectDefaultMetrics({ register: ofProcess, eventLoopMonitoringPrecision: 20 });
  }
  return ofProcess;
}

/** Makes the figures of a host, in a registry of its own. */
export function createMetrics(): Metrics {
  const registry = new Registry();
  const count = countReads(registry);
  const both = [registry, processFigures()];
  return {
    answered: countRequests(registry),
    committed: countCommits(registry),
    counting: (log) => ({
      ...log,
      append(entry) {
        count(entry);
        return log.append(entry);
      },
    }),
    tell: (sources) => tellState(registry, sources),
    contentType: registry.contentType,
    text: async () => (await Promise.all(both.map((one) => one.metrics()))).join('\n'),
  };
}
