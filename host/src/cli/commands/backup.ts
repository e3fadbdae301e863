import type { CommandSpec } from '../command';
import { CommandError } from '../exit-codes';
import { readInput } from '../inputs';
import { late } from '../late';

const keyWarning = (file: string) =>
  `The token key ${file} is NOT in it: without it no token of the backup works. Keep a copy of it in another place.`;

/** What has to do with the data as a whole. */
export const backupCommands: readonly CommandSpec[] = [
  {
    usage: 'backup <folder>',
    summary: 'copy the embedded databases into a new folder, while the host may run',
    examples: ['backup /var/backups/latchkey/2026-11-25', 'backup /mnt/usb/latchkey --data-dir /var/lib/latchkey'],
    more: () =>
      [
        'The definitions and the access records, each as it is at one moment, checked; never the token key, which belongs',
        'into another place. A folder that is there is never written into. PostgreSQL is for pg_dump.',
      ].join('\n'),
    async run(call) {
      const config = call.config();
      const { folder, files, manifest } = await late.backup().makeBackup(config, call.text('folder'));
      call.note(keyWarning(config.tokenKeyFile));
      const shown = [`Wrote ${folder}, checked:`, ...files.map(({ name, bytes }) => `  ${name}: ${bytes} bytes`)];
      return { json: { folder, ...manifest, files }, shown };
    },
  },
  {
    usage: 'copy',
    summary: 'move the embedded databases to PostgreSQL; the host must not run',
    options: [['--to <url>', 'an empty database: postgres://user@host/name, or the name of a file that holds that']],
    examples: ['copy --to postgres://latchkey@db.example/latchkey', 'copy --to /etc/latchkey/database-url'],
    more: () =>
      [
        'Every row keeps its id and its number, and is counted afterwards. The token key stays where it is: hosts on',
        'PostgreSQL share it. A password in the URL is seen by who lists processes; a file keeps it to itself.',
      ].join('\n'),
    async run(call) {
      const given = call.text('to');
      if (given === '') throw new CommandError('usage', 'Name the database with --to.', 'latchkey copy --help');
      const url = given.startsWith('postgres') ? given : readInput('to', given).trim();
      const copied = await late.copy().copyDatabase(call.config(), url, (type, done) => call.note(`${type}: ${done}`));
      const rows = copied.map(({ type, rows: count }) => [type, count]);
      const next = 'Start the hosts with LATCHKEY_DATABASE_URL, or its _FILE form, and this token key.';
      return { json: copied, shown: [{ columns: ['type', 'rows'], rows }, next] };
    },
  },
  {
    usage: 'restore <folder>',
    summary: 'put a backup in the place of the embedded databases; the host must not run',
    options: [['--force', 'move what is there aside, beside the new files']],
    examples: ['restore /var/backups/latchkey/2026-11-25', 'restore /mnt/usb/latchkey --force'],
    more: () => 'Put the token key that belongs to the backup into its place first: it is checked.',
    async run(call) {
      const { restoreBackup } = late.restore();
      const done = await restoreBackup(call.config(), call.text('folder'), call.isOn('force'));
      const { manifest, files, aside, pending } = done;
      const shown = [
        `Restored the backup of ${manifest.time}:`,
        ...files.map((file) => `  ${file}`),
        ...aside.map((file) => `What was there is now ${file}`),
        ...(pending > 0 ? [`The next start applies ${pending} migrations.`] : []),
      ];
      return { json: { time: manifest.time, version: manifest.version, files, aside, pending }, shown };
    },
  },
];
