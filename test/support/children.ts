import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface, type Interface } from 'node:readline';

/** A child process that runs a TypeScript file of the repository. */
export interface TypeScriptChild {
  readonly process: ChildProcessWithoutNullStreams;
  readonly lines: Interface;
  /** Resolves with the exit code, or the signal, and what it wrote to stderr. */
  readonly ended: Promise<{ readonly code: number | string; readonly errors: string }>;
}

/** Starts a TypeScript file in a process of its own, with these variables beside PATH, or with those of this process. */
export function startTypeScript(
  file: string,
  parameters: readonly string[],
  env?: Readonly<Record<string, string>>,
): TypeScriptChild {
  const loader = ['--conditions=@latchkey/source', '--require', join(__dirname, 'typescript.cjs')];
  const child = spawn(process.execPath, [...loader, file, ...parameters], {
    ...(env && { env: { PATH: process.env.PATH, ...env } }),
  });
  let errors = '';
  child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()));
  const ended = once(child, 'close').then(([code, signal]) => ({ code: (code ?? signal) as number | string, errors }));
  return { process: child, lines: createInterface(child.stdout), ended };
}
