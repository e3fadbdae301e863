import path from 'node:path';
import type { PluginCall, PluginCommand, PluginReport } from '@latchkey/host/extend';
import type { JobState } from '../importing/jobs';
import { failed, watched } from './long-work';
import { keyOptions, userOption } from './private-key';

interface Finding {
  readonly text: string;
  readonly isLoss: boolean;
  readonly count: number;
  readonly rows: readonly { readonly of: string; readonly pk?: number; readonly detail?: string }[];
}

interface Imported {
  readonly report: {
    readonly counts: Readonly<Record<string, { readonly found: number; readonly planned: number }>>;
    readonly findings: readonly Finding[];
  };
  readonly recoverySheet?: string;
}

/** What is said with every new recovery sheet. */
export const keepIt = 'Print this and keep it. It is not shown again.';

const sheetUnseen =
  'If this made the store, its recovery sheet was not shown: `latchkey netbox recovery-key` makes a new one.';

// Names come from the dump: none of them may steer a terminal.
const printable = (text: string): string => text.replace(/[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu, '\u00b7');
const shownRows = 10;

const findingLines = ({ text, isLoss, count, rows }: Finding): string[] => [
  `${isLoss ? 'LOST' : 'note'} (${count}): ${text}`,
  ...rows.slice(0, shownRows).map(({ of, pk = '', detail = '' }) => `    ${of} ${pk} ${printable(detail)}`.trimEnd()),
  ...(count > shownRows ? [`    and ${count - shownRows} more`] : []),
];

const told = (progress: JobState['progress']): string =>
  Object.entries(progress)
    .map(([name, count]) => `${name} ${count}`)
    .join(', ');

async function run(call: PluginCall): Promise<PluginReport> {
  const { maybe, fileText } = call;
  const work = await watched(call, {
    address: 'imports/',
    told,
    body: {
      file: path.resolve(call.text('file')),
      user: maybe('user'),
      private_key: fileText('privateKey'),
      passphrase: fileText('passphraseFile'),
      store_key: fileText('storeKey'),
      instance: maybe('instance'),
      dry_run: call.isOn('dryRun'),
    },
  });
  if (work.state === 'failed') return failed(work, sheetUnseen);
  const { report, recoverySheet } = work.result as Imported;
  const rows = Object.entries(report.counts).map(([kind, { found, planned }]) => [kind, found, planned]);
  const sheet = recoverySheet === undefined ? [] : [keepIt, recoverySheet];
  return {
    json: { ...report, progress: work.progress, recovery_sheet: recoverySheet ?? null },
    shown: [
      { columns: ['kind', 'in the dump', 'planned'], rows },
      told(work.progress),
      ...report.findings.flatMap(findingLines),
      ...sheet,
    ],
  };
}

/** The command that takes the secrets of NetBox over. */
export const importNetbox: PluginCommand = {
  usage: 'import netbox <file>',
  summary: 'import the secrets of NetBox, with users, tokens and keys, from a dump',
  family: 'take over what another product holds',
  options: [
    userOption,
    ...keyOptions,
    ['--store-key <file>', 'a private key that opens the secrets which are stored here already'],
    ['--instance <name>', 'the name of the installation, where there are several'],
    ['--dry-run', 'tell what would be made, and make nothing'],
  ],
  examples: ['import netbox netbox.sql.gz --user admin --private-key admin.pem --dry-run'],
  run,
};
