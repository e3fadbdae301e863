import { readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { PluginCall, PluginCommand, PluginReport } from '@latchkey/host/extend';
import type { NewRecoveryKey } from './service/recovery-key';

interface Work {
  readonly id: string;
  readonly state: 'running' | 'done' | 'failed';
  readonly progress: Readonly<Record<string, number>>;
  readonly result?: unknown;
  readonly problem?: string;
}

const every = 500;
const saidEvery = 10;

const textOf = (file: string | undefined): string | undefined =>
  file === undefined ? undefined : readFileSync(file, 'utf8');
const lineOf = (file: string | undefined): string | undefined => textOf(file)?.replace(/\r?\n$/, '');
const progressText = (progress: Work['progress']): string =>
  Object.entries(progress)
    .map(([name, count]) => `${name} ${count}`)
    .join(', ');

async function watched({ request, note }: PluginCall, address: string, body: unknown): Promise<Work> {
  let work = await request<Work>('POST', `/netbox-secrets/${address}`, body);
  for (let turn = 1; work.state === 'running'; turn += 1) {
    await pause(every);
    work = await request<Work>('GET', `/netbox-secrets/work/${work.id}/`);
    if (turn % saidEvery === 0) note(progressText(work.progress));
  }
  return work;
}

const failed = ({ problem = 'It failed.' }: Work, ...hints: readonly string[]): PluginReport => ({
  json: { problem },
  shown: [problem, ...hints],
  good: false,
});

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

const sheetUnseen =
  'If this made the store, its recovery sheet was not shown: `latchkey netbox recovery-key` makes a new one.';
const keepIt = 'Print this and keep it. It is not shown again.';

// Names come from the dump: none of them may steer a terminal.
const printable = (text: string): string => text.replace(/[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu, '\u00b7');
const shownRows = 10;

const findingLines = ({ text, isLoss, count, rows }: Finding): string[] => [
  `${isLoss ? 'LOST' : 'note'} (${count}): ${text}`,
  ...rows.slice(0, shownRows).map(({ of, pk = '', detail = '' }) => `    ${of} ${pk} ${printable(detail)}`.trimEnd()),
  ...(count > shownRows ? [`    and ${count - shownRows} more`] : []),
];

async function importNetbox(call: PluginCall): Promise<PluginReport> {
  const { maybe } = call;
  const work = await watched(call, 'imports/', {
    file: path.resolve(call.text('file')),
    user: maybe('user'),
    private_key: textOf(maybe('privateKey')),
    passphrase: lineOf(maybe('passphraseFile')),
    store_key: textOf(maybe('storeKey')),
    instance: maybe('instance'),
    dry_run: call.isOn('dryRun'),
  });
  if (work.state === 'failed') return failed(work, sheetUnseen);
  const { report, recoverySheet } = work.result as Imported;
  const rows = Object.entries(report.counts).map(([kind, { found, planned }]) => [kind, found, planned]);
  const sheet = recoverySheet === undefined ? [] : [keepIt, recoverySheet];
  return {
    json: { ...report, progress: work.progress, recovery_sheet: recoverySheet ?? null },
    shown: [
      { columns: ['kind', 'in the dump', 'planned'], rows },
      progressText(work.progress),
      ...report.findings.flatMap(findingLines),
      ...sheet,
    ],
  };
}

const keyOptions = [
  ['--user <name>', 'whose private key it is'],
  ['--private-key <file>', 'the private key, in PEM'],
  ['--passphrase-file <file>', 'the passphrase of the private key'],
] as const;
const proof = ({ maybe }: PluginCall) => ({
  user: maybe('user'),
  private_key: textOf(maybe('privateKey')),
  passphrase: lineOf(maybe('passphraseFile')),
});
const shownAs = (json: Readonly<Record<string, unknown>>): PluginReport => ({
  json,
  shown: [{ columns: ['what', 'value'], rows: Object.entries(json).map(([k, v]) => [k, JSON.stringify(v)]) }],
});
const asked =
  (address: string, body: (call: PluginCall) => unknown): PluginCommand['run'] =>
  async (call) =>
    shownAs(await call.request('POST', `/netbox-secrets/${address}`, body(call)));

/** The commands of the encrypted store. */
export const commands: readonly PluginCommand[] = [
  {
    usage: 'import netbox <file>',
    summary: 'import the secrets of NetBox, with users, tokens and keys, from a dump',
    options: [
      ...keyOptions,
      ['--store-key <file>', 'a private key that opens the secrets which are stored here already'],
      ['--instance <name>', 'the name of the installation, where there are several'],
      ['--dry-run', 'tell what would be made, and make nothing'],
    ],
    examples: ['import netbox netbox.sql.gz --user admin --private-key admin.pem --dry-run'],
    run: importNetbox,
  },
  {
    usage: 'netbox status',
    summary: 'tell how many secrets and user keys there are, and how far a rotation is',
    examples: ['netbox status'],
    run: async ({ request }) => shownAs(await request('GET', '/netbox-secrets/status/')),
  },
  {
    usage: 'netbox drill <sheet>',
    summary: 'try the recovery sheet without changing anything',
    examples: ['netbox drill sheet.txt'],
    run: asked('drill/', ({ text }) => ({ sheet: textOf(text('sheet')) })),
  },
  {
    usage: 'netbox recover <sheet>',
    summary: 'give a user key access again, with the recovery sheet',
    options: [['--user <name>', 'whose user key']],
    examples: ['netbox recover sheet.txt --user admin'],
    run: asked('recover/', ({ text, maybe }) => ({ sheet: textOf(text('sheet')), user: maybe('user') })),
  },
  {
    usage: 'netbox recovery-key',
    summary: 'make a new recovery key, and show its sheet once; it takes the place of the one before',
    options: keyOptions,
    examples: ['netbox recovery-key --user admin --private-key admin.pem'],
    run: async (call) => {
      const made = await call.request<NewRecoveryKey>('POST', '/netbox-secrets/recovery-key/', proof(call));
      return { json: { recovery_sheet: made.sheet, opens: made.opens }, shown: [keepIt, made.sheet] };
    },
  },
  {
    usage: 'netbox rotate',
    summary: 'seal every secret anew with a new master key, or go on with that',
    options: keyOptions,
    examples: ['netbox rotate --user admin --private-key admin.pem'],
    run: async (call) => {
      const work = await watched(call, 'rotate/', proof(call));
      return work.state === 'failed' ? failed(work) : shownAs(work.result as Readonly<Record<string, unknown>>);
    },
  },
  {
    usage: 'netbox activate <holder>',
    summary: 'let the waiting user key of a named user open the secrets',
    options: keyOptions,
    examples: ['netbox activate jane --user admin --private-key admin.pem'],
    run: asked('activate/', (call) => ({ ...proof(call), holder: call.text('holder') })),
  },
];
