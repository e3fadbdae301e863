import { readFileSync } from 'node:fs';
import path from 'node:path';
import { version, type HostConfig } from '../../config';
import type { CommandSpec, Report } from '../command';
import { late } from '../late';
import { fieldsOf } from '../output';
import { settingsText } from '../settings';

/** The folder of the core that runs here. */
export const coreFolder = (): string => path.join(path.dirname(require.resolve('@latchkey/core')), '..');

/** The version in the package.json of a folder. */
export function versionIn(folder: string): string {
  return (JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8')) as { version: string }).version;
}

/** What has to do with the host as a whole. */
export const hostCommands: readonly CommandSpec[] = [
  {
    usage: 'serve',
    summary: 'run a host until it is told to stop',
    options: [
      ['--host <address>', 'address to listen on'],
      ['--port <number>', 'port to listen on'],
    ],
    examples: ['serve', 'serve --port 8800 --data-dir /var/lib/latchkey'],
    more: settingsText,
    async run(call) {
      const [host, port] = [call.maybe('host'), call.maybe('port')];
      const config = call.config({ ...(host !== undefined && { host }), ...(port !== undefined && { port }) });
      await late.serve().serve(config);
      return { code: process.exitCode === undefined ? 0 : 7 };
    },
  },
  {
    usage: 'migrate',
    summary: 'make the database, or bring it up to date; a newer one is refused',
    options: [['--plan', 'list what would be applied, and change nothing']],
    examples: ['migrate', 'migrate --plan', 'migrate --data-dir /var/lib/latchkey'],
    async run(call) {
      if (call.isOn('plan')) return plan(call.config());
      const files = await late.migrations().migrateFiles(call.config());
      const shown = files.flatMap(({ file, applied }) => [
        `${file}: ${applied.length === 0 ? 'up to date' : 'brought up to date'}`,
        ...applied.map((name) => `  ${name}`),
      ]);
      return { json: files, shown };
    },
  },
  {
    usage: 'version',
    summary: 'print the versions of the package, of core and of node',
    examples: ['version', 'version --output json'],
    async run() {
      const versions = { latchkey: version, core: versionIn(coreFolder()), node: process.versions.node };
      return { json: versions, shown: [fieldsOf(versions)] };
    },
  },
];

async function plan(config: HostConfig): Promise<Report> {
  const files = await late.migrations().planFiles(config);
  const shown = files.flatMap(({ file, pending, newer }) => [
    `${file}: ${pending.length === 0 ? 'nothing to apply' : `${pending.length} to apply`}`,
    ...pending.map((name) => `  ${name}`),
    ...newer.map((name) => `  ${name} is of a newer version: this one does not start on it`),
  ]);
  return { json: files, shown, ending: files.every(({ newer }) => newer.length === 0) ? 'ok' : 'no' };
}
