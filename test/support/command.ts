import { join } from 'node:path';
import { startTypeScript } from './children';
import { testDatabase } from './test-database';

/** How a command ended, and what it said. */
export interface CommandEnd {
  readonly code: number | string;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `latchkey` from source in a process of its own, with these variables beside PATH. */
export async function runCommand(
  parameters: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<CommandEnd> {
  const dataDir = env['LATCHKEY_DATA_DIR'] ?? parameters[parameters.indexOf('--data-dir') + 1 || parameters.length];
  const given = { ...testDatabase(dataDir), ...env };
  const { lines, ended } = startTypeScript(join(__dirname, 'command-child.ts'), parameters, given);
  let stdout = '';
  for await (const line of lines) stdout += `${line}\n`;
  const { code, errors: stderr } = await ended;
  return { code, stdout, stderr };
}
