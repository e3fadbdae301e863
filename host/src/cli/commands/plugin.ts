import path from 'node:path';
import { safeCause } from '@latchkey/core/kernel';
import type { CommandSpec } from '../command';
import { CommandError } from '../exit-codes';
import { copyTemplate, templateFolder } from '../scaffold';
import { coreFolder, versionIn } from './host';

interface ReportLine {
  readonly id: string;
  readonly package: string;
  readonly version: string;
  readonly status: string;
  readonly reason?: string;
}

interface Provider {
  readonly slug: string;
  readonly package: string;
}

/** A clone's core is used from its folder; an installed one by its version. */
function coreSpecifier(): string {
  const folder = coreFolder();
  return folder.split(path.sep).includes('node_modules') ? `^${versionIn(folder)}` : `file:${folder}`;
}

/** `latchkey plugin`. */
export const pluginCommands: readonly CommandSpec[] = [
  {
    usage: 'plugin list',
    summary: 'list plugins: what became of each, and the providers that it brings',
    examples: ['plugin list', 'plugin list --output json'],
    async run({ client }) {
      const report = await client.request<{ readonly lines: readonly ReportLine[] }>('GET', '/local/report/');
      const providers = await client.request<{ readonly results: readonly Provider[] }>('GET', '/api/providers/');
      const slugs = (name: string) => providers.results.filter((one) => one.package === name).map(({ slug }) => slug);
      const rows = report.lines.map(({ id, status, package: name, version, reason }) => [
        id,
        status,
        name,
        version,
        slugs(name).join(', '),
        reason,
      ]);
      const columns = ['id', 'status', 'package', 'version', 'providers', 'reason'];
      return { json: { report, providers }, shown: [{ columns, rows }] };
    },
  },
  {
    usage: 'plugin new <name>',
    summary: 'write the package of a new provider, with a test that passes',
    options: [
      ['--dir <folder>', 'where to write it; ./NAME otherwise'],
      ['--core <specifier>', 'where npm finds @latchkey/core: a version or file:PATH'],
      ['--template <folder>', 'copy this package in the place of the one that comes along'],
    ],
    examples: ['plugin new my-vault', 'plugin new my-vault --dir packages/my-vault'],
    async run(call) {
      const name = call.text('name');
      const target = path.resolve(call.maybe('dir') ?? name);
      const template = call.maybe('template');
      try {
        const files = copyTemplate({
          name,
          target,
          template: template === undefined ? templateFolder() : path.resolve(template),
          core: call.maybe('core') ?? coreSpecifier(),
        });
        const next = `Next: cd ${path.relative('', target) || '.'} && npm install && npm test`;
        return {
          json: { name, folder: target, files },
          shown: [`Wrote ${name} to ${target}:`, ...files.map((file) => `  ${file}`), next],
        };
      } catch (error) {
        if (error instanceof CommandError) throw error;
        throw new CommandError('host', `Cannot write ${target} (${safeCause(error).message}).`, 'Name another --dir.');
      }
    },
  },
];
