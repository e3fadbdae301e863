import { createHost, type Host } from '../../host/src/compose';
import { readConfig, type HostConfig } from '../../host/src/config';
import { adminToken } from './host-process';
import { temporaryFolder } from './temporary-folder';
import { testDatabaseUrl } from './test-database';

/** The configuration of a host of a test in this process: the two providers that need no network, a folder of its own. */
export function localConfig(overrides: Readonly<Record<string, unknown>> = {}): HostConfig {
  const dataDir = String(overrides['data_dir'] ?? temporaryFolder());
  return readConfig(
    {},
    {
      port: 0,
      data_dir: dataDir,
      database_url: testDatabaseUrl(dataDir),
      superuser_api_token: adminToken,
      log_level: 'silent',
      plugins: { enabled: ['@latchkey/provider-environment-variable', '@latchkey/provider-text-file'] },
      ...overrides,
    },
  );
}

/** Opens a host in this process, from source. */
export function openLocalHost(overrides: Readonly<Record<string, unknown>> = {}): Promise<Host> {
  return createHost(localConfig(overrides));
}
