import { inspect } from 'node:util';
import { LatchkeyError } from '@latchkey/core';
import { safeCause } from '@latchkey/core/kernel';
import { createHost, type Host } from './compose';
import type { HostConfig } from './config';

const print = (line: string): void => void process.stdout.write(`${line}\n`);
const complain = (line: string): void => void process.stderr.write(`${line}\n`);

/** What a person is told of a failure: the words of a typed one and what to do next, of any other only its class. */
export function explainFailure(error: unknown): string {
  if (!(error instanceof LatchkeyError)) return `latchkey: failed (${safeCause(error).message})`;
  return `latchkey: ${error.message}\n  ${error.remedy}`;
}

/** Runs a host until a signal: says where it listens, shows the first token once, and stops in order. */
export async function serve(config: HostConfig): Promise<void> {
  // A hang-up of a terminal is an end; where there is none, it has the certificate read anew.
  const reloads = config.tls !== undefined && !process.stdout.isTTY;
  const stopped = stopOnSignal(!reloads);
  let host: Host | undefined;
  // What is in flight may still be recorded, within the limits of a stop.
  const fail = async (crash: unknown): Promise<never> => {
    complain(explainFailure(crash));
    await host?.close().catch((late: unknown) => complain(explainFailure(late)));
    process.exit(1);
  };
  process.once('uncaughtException', fail).once('unhandledRejection', fail);
  try {
    host = await createHost(config);
    let address: string | undefined;
    try {
      address = await host.listen();
      if (reloads) process.on('SIGHUP', () => void host?.reload());
    } finally {
      // Also when it cannot listen: the token of a first start is shown now or never.
      greet(host, config, address);
    }
    await stopped;
    await host.close();
  } catch (error) {
    complain(explainFailure(error));
    await host?.close();
    process.exitCode = 1;
  }
}

/**
 * Settles at the first SIGINT or SIGTERM, at SIGHUP where that is an end, or when the process that started this one is
 * gone; a second signal ends the process at once.
 */
function stopOnSignal(atHangUp: boolean): Promise<void> {
  return new Promise((resolve) => {
    // It may come twice, from the terminal and from who started this process, so a second one is no impatience.
    if (atHangUp) process.on('SIGHUP', () => resolve());
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      process.once(signal, () => {
        process.once(signal, () => process.exit(130));
        resolve();
      });
    }
    process.once('disconnect', resolve);
    // A host that has stopped is not kept by who started it.
    process.channel?.unref();
  });
}

function greet({ report, firstSuperuser }: Host, { dataDir }: HostConfig, address: string | undefined): void {
  print(report.toString());
  if (address !== undefined) print(`Latchkey listens on ${address}, its data is in ${dataDir}`);
  if (!firstSuperuser) return;
  const { name } = firstSuperuser;
  const generatedToken = firstSuperuser.generatedToken?.reveal();
  if (generatedToken === undefined)
    return print(`First start: the superuser ${inspect(name)} was made, with the token you gave.`);
  print(`\nFirst start: the superuser ${inspect(name)} was made. Its token is shown now and never again:\n`);
  print(`    ${generatedToken}\n`);
  if (address === undefined) return;
  print('Next, in another terminal:');
  print(`    curl -H 'Authorization: Token ${generatedToken}' ${address}/api/extras/secrets/`);
  print('    npx latchkey --help\n');
}
