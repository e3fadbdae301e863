import { LatchkeyError } from '@latchkey/core';
import { safeCause, type ReportLine } from '@latchkey/core/kernel';
import type { HostConfig } from '../../config';
import { hostTypes } from '../../domain/types';
import { answers, socketPath } from '../../http/local-socket';
import { createLogger } from '../../observability/logger';
import { extensionsOf, openKernel } from '../../open-kernel';
import { socketClient } from '../client';
import { CommandError } from '../exit-codes';
import { databaseChecks } from './database-checks';
import { bad, ok, type Check, type Finding, type Patient, type Result } from './finding';
import { folderChecks } from './folder-checks';
import { pluginChecks, processChecks } from './process-checks';

/** Looks at everything that a host needs, and changes nothing. */
export async function examine(readConfig: () => HostConfig): Promise<readonly Finding[]> {
  let config: HostConfig;
  try {
    config = readConfig();
  } catch (error) {
    return [{ check: 'configuration', ...failed(error) }];
  }
  const { host, port, databaseUrl } = config;
  const said = ok(`is valid: ${host}:${port}, ${databaseUrl === undefined ? 'SQLite' : 'PostgreSQL'}`);
  const found: Finding[] = [{ check: 'configuration', ...said }];
  const address = socketPath(config.dataDir);
  const socket = (await answers(address)) ? address : undefined;
  const plugins = await (socket === undefined ? loadHere(config) : askHost(socket)).catch(failedPlugins);
  const patient = { config, socket, known: plugins.known };
  try {
    for (const check of [...folderChecks, ...databaseChecks, ...plugins.checks, ...processChecks])
      found.push(...(await carryOut(check, patient)));
    return found;
  } finally {
    await plugins.close();
  }
}

interface Plugins {
  readonly checks: readonly Check[];
  readonly known: Patient['known'];
  close(): Promise<void>;
}

const hostAlone: Patient['known'] = { types: hostTypes, migrations: [] };
const nothing = async (): Promise<void> => {};

async function askHost(socket: string): Promise<Plugins> {
  const { lines } = await socketClient(socket).request<{ lines: readonly ReportLine[] }>('GET', '/local/report/');
  return { checks: pluginChecks(lines, undefined), known: hostAlone, close: nothing };
}

/** Starts the plugins as a host would, without a database. */
async function loadHere(config: HostConfig): Promise<Plugins> {
  const kernel = openKernel(config, createLogger('silent'));
  const close = () => kernel.stop();
  try {
    await kernel.start();
    const known = extensionsOf(kernel);
    return { checks: pluginChecks(kernel.report.lines, kernel), known, close };
  } catch (error) {
    await close();
    throw error;
  }
}

const failedPlugins = (error: unknown): Plugins => ({
  checks: [['plugins', async () => [failed(error)]]],
  known: hostAlone,
  close: nothing,
});

async function carryOut([check, examineIt]: Check, patient: Patient): Promise<Finding[]> {
  const results = await examineIt(patient).catch((error: unknown) => [failed(error)]);
  return results.map((result) => ({ check, ...result }));
}

/** What a failure says for itself; of an unknown one only its class. */
function failed(error: unknown): Result {
  if (error instanceof LatchkeyError || error instanceof CommandError) return bad(error.message, error.remedy);
  return bad(`cannot be looked at (${safeCause(error).message})`, 'Look at it by hand, as the user of the host.');
}
