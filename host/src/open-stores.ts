import type { Closers } from './closers';
import { placesOf, type HostConfig } from './config';
import type { TokenKey } from './credentials/token-key';
import type { UnitOfWork } from './domain/ports';
import type { Extensions } from './extension/extensions';
import { checkTokenKey } from './first-start';
import type * as LateMetrics from './observability/metrics/create-metrics';
import { openAccessLog, type OpenAccessLog } from './persistence/open-access-log';
import { openDatabase } from './persistence/open-database';

/** Where a host keeps things, and what counts how it does. */
export interface Stores {
  readonly unitOfWork: UnitOfWork;
  readonly records: OpenAccessLog;
  /** The records as reads write them, counted where there are metrics. */
  readonly accessLog: OpenAccessLog;
  readonly metrics: LateMetrics.Metrics | undefined;
}

/** Opens the definitions, with the types of extensions, and the records of reads. */
export async function openStores(
  config: HostConfig,
  { types, migrations }: Pick<Extensions, 'types' | 'migrations'>,
  { tokenKey, closers }: { readonly tokenKey: TokenKey; readonly closers: Closers },
): Promise<Stores> {
  const places = placesOf(config);
  const unitOfWork = await openDatabase({ ...places.definitions, types, migrations });
  closers.opened(unitOfWork, (it) => it.close());
  // Before anything is opened with keys that come from it.
  await checkTokenKey(unitOfWork.rows, tokenKey, config.tokenKeyFile);
  // Loaded where it is asked for alone, since it takes 12 MB.
  const metrics = config.metrics
    ? (require('./observability/metrics/create-metrics') as typeof LateMetrics).createMetrics()
    : undefined;
  const { version } = unitOfWork;
  const records = await openAccessLog({ ...places.records, version, types, committed: metrics?.committed });
  closers.opened(records, (it) => it.close());
  return { unitOfWork, records, accessLog: metrics?.counting(records) ?? records, metrics };
}
