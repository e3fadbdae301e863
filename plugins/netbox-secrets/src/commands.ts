import type { PluginCommand } from '@latchkey/host/extend';
import { importNetbox, keepIt } from './commands/import-netbox';
import { failed, shownAs, watched } from './commands/long-work';
import { keyOptions, proofOf, sheetProofOf, staysHere, userOption } from './commands/private-key';
import { unlock } from './commands/unlock';
import type { NewRecoveryKey } from './service/recovery-key';

const family = 'the encrypted store: its keys, and the day when they are lost';
const sheetStays =
  'The sheet is the file it was saved to, or typed again: only its 16 numbered lines count. The command alone reads it.';

/** The commands of the encrypted store. */
export const commands: readonly PluginCommand[] = [
  importNetbox,
  {
    usage: 'netbox status',
    summary: 'tell how many secrets and user keys there are, and how far a rotation is',
    family,
    examples: ['netbox status', 'netbox status --output json'],
    run: async ({ request }) => shownAs(await request('GET', '/netbox-secrets/status/')),
  },
  unlock,
  {
    usage: 'netbox activate <holder>',
    summary: 'let the waiting user key of a named user open the secrets',
    options: [userOption, ...keyOptions],
    examples: ['netbox activate jane --user admin --private-key admin.pem'],
    more: `Anybody may have a key wait: look who it is. ${staysHere}`,
    async run(call) {
      const body = { ...(await proofOf(call)), holder: call.text('holder') };
      return shownAs(await call.request('POST', '/netbox-secrets/activate/', body));
    },
  },
  {
    usage: 'netbox rotate',
    summary: 'seal every secret anew with a new master key, or go on with that',
    options: [userOption, ...keyOptions],
    examples: ['netbox rotate --user admin --private-key admin.pem'],
    more: `It may be broken off at any point: every secret stays readable, and the same again goes on. ${staysHere}`,
    async run(call) {
      const body = await proofOf(call);
      const told = ({ left = 0, total = 0 }) => `${total - left} of ${total} values are sealed anew`;
      const work = await watched(call, { address: 'rotate/', body, told });
      return work.state === 'failed' ? failed(work) : shownAs(work.result as Readonly<Record<string, unknown>>);
    },
  },
  {
    usage: 'netbox drill <sheet>',
    summary: 'try the recovery sheet without changing anything',
    examples: ['netbox drill sheet.txt', 'netbox drill - < sheet.txt'],
    more: sheetStays,
    run: async (call) => shownAs(await call.request('POST', '/netbox-secrets/drill/', await sheetProofOf(call))),
  },
  {
    usage: 'netbox recover <sheet>',
    summary: 'give a user key access again, with the recovery sheet',
    options: [['--user <name>', 'whose user key']],
    examples: ['netbox recover sheet.txt --user admin'],
    more: `The user gives a public key first, at user-keys/: where nobody can open the store, it waits. ${sheetStays}`,
    async run(call) {
      const body = { ...(await sheetProofOf(call)), user: call.maybe('user') };
      return shownAs(await call.request('POST', '/netbox-secrets/recover/', body));
    },
  },
  {
    usage: 'netbox recovery-key',
    summary: 'make a new recovery key, and show its sheet once; it takes the place of the one before',
    options: [userOption, ...keyOptions],
    examples: ['netbox recovery-key --user admin --private-key admin.pem'],
    more: staysHere,
    async run(call) {
      const made = await call.request<NewRecoveryKey>('POST', '/netbox-secrets/recovery-key/', await proofOf(call));
      return { json: { recovery_sheet: made.sheet, opens: made.opens }, shown: [keepIt, made.sheet] };
    },
  },
];
