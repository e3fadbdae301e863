import type { CommandSpec } from '../command';
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
