import { createServer } from 'node:net';
import { safeCause, type Kernel, type ReportLine } from '@latchkey/core/kernel';
import type { HostConfig } from '../../config';
import { loadCertificate } from '../../http/wire/certificate';
import { checkStores } from '../../store-faults';
import { exchange } from '../client';
import { bad, ok, warn, type Check, type Result } from './finding';

/** What became of the plugins: of those of the host that runs, or of those that were loaded here. */
export function pluginChecks(lines: readonly ReportLine[], kernel: Kernel | undefined): readonly Check[] {
  const plugins = async (): Promise<readonly Result[]> => {
    const failed = lines.filter(({ status }) => status === 'failed');
    const remedy = 'Mend it, leave it out, or allow its failure with plugins.allow_failure.';
    if (failed.length > 0) return failed.map(({ id, reason = 'failed' }) => bad(`${id}: ${reason}`, remedy));
    return [ok(`${lines.filter(({ status }) => status === 'loaded').length} loaded`)];
  };
  const stores: Check = [
    'stores',
    async ({ config }) => {
      // The host that runs refused to start on anything else.
      if (kernel) checkStores(config.stores, kernel);
      const names = Object.entries(config.stores).flatMap(([slug, byName]) =>
        Object.keys(byName).map((name) => `${slug}.${name}`),
      );
      return [ok(names.length === 0 ? 'none is configured' : names.join(', '))];
    },
  ];
  return [['plugins', plugins], stores];
}

/** Whether a port could be listened on; undefined, or why not. */
function portFault({ host, port }: { readonly host: string; readonly port: number }): Promise<string | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', (error) => resolve(safeCause(error).message));
    server.listen(port, host, () => server.close(() => resolve(undefined)));
  });
}

async function readiness(socket: string): Promise<readonly Result[]> {
  const { status, text } = await exchange(socket, 'GET', '/readyz', undefined);
  if (status === 200) return [ok('runs, and is ready')];
  const { faults = ['is not ready'] } = JSON.parse(text) as { readonly faults?: readonly string[] };
  return faults.map((fault) => bad(`runs, but ${fault}`, "The host's log says more."));
}

async function listening(what: HostConfig['metrics'] & object): Promise<Result> {
  const fault = await portFault(what);
  const address = `${what.host}:${what.port}`;
  if (fault === undefined) return ok(`does not run; ${address} is free`);
  return bad(`cannot listen on ${address} (${fault})`, 'Stop what listens there, or choose another.');
}

/** The addresses, and the certificate. */
export const processChecks: readonly Check[] = [
  [
    'host',
    async ({ config, socket }) => {
      if (socket !== undefined) return readiness(socket);
      const all = [{ host: config.host, port: config.port }, ...(config.metrics ? [config.metrics] : [])];
      return Promise.all(all.map(listening));
    },
  ],
  [
    'TLS',
    async ({ config: { tls, localOnly, trustedProxies } }) => {
      if (tls) {
        const { warning, expires } = await loadCertificate(tls);
        if (warning === undefined) return [ok(`the certificate is good until ${expires.toISOString()}`)];
        const has = expires.getTime() <= Date.now() ? bad : warn;
        return [has(warning, 'Renew it; the host takes the new one by itself.')];
      }
      if (localOnly || trustedProxies.length > 0) return [ok('none: reached from this machine, or through a proxy')];
      const remedy = 'Set LATCHKEY_TLS_CERT_FILE and LATCHKEY_TLS_KEY_FILE, or LATCHKEY_TRUSTED_PROXIES.';
      return [warn('tokens and values cross the network in plain text', remedy)];
    },
  ],
];
