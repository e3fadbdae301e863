import { execFile, spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { temporaryFolder } from '../../support/temporary-folder';

/** Whether curl is there; where it is not, tests are skipped with a word, and under CI fail. */
export function hasCurl(): boolean {
  if (spawnSync('curl', ['--version']).status === 0) return true;
  if (process.env.CI) throw new Error('Under CI there must be curl');
  process.stderr.write('Tests of the curl lines of the page of NetBox are skipped: curl is not installed\n');
  return false;
}

/** The commands of the page, in their order, as they stand there. */
export const commandsOnPage = (): string[] =>
  readFileSync(join(__dirname, 'curl-lines.txt'), 'utf8')
    .split(/^\$ /m)
    .slice(1)
    .map((command) => command.trimEnd());

/** What a command was answered. */
export interface ShellAnswer {
  readonly status: number;
  readonly body: Record<string, unknown>;
}

/** A shell whose curl reaches a host under the name `netbox`, by a file of settings and not by its parameters. */
export function shellTo(url: string, variables: Readonly<Record<string, string>>) {
  const home = temporaryFolder();
  const settings = [
    'silent',
    `connect-to = "netbox:80:${new URL(url).host}"`,
    String.raw`write-out = "\n%{http_code}"`,
  ];
  writeFileSync(join(home, '.curlrc'), `${settings.join('\n')}\n`);
  const env = { PATH: process.env.PATH, HOME: home, CURL_HOME: home, ...variables };
  return async (command: string): Promise<ShellAnswer> => {
    const { stdout } = await promisify(execFile)('sh', ['-c', command], { env });
    const at = stdout.lastIndexOf('\n');
    const text = stdout.slice(0, at);
    return { status: Number(stdout.slice(at)), body: JSON.parse(text || '{}') as ShellAnswer['body'] };
  };
}
