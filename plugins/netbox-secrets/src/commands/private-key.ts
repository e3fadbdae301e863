import type { KeyObject } from 'node:crypto';
import { LatchkeyError } from '@latchkey/core';
import type { PluginCall } from '@latchkey/host/extend';
import { readPrivateKey } from '../crypto/private-key';
import { recoveryPrivateKey } from '../crypto/recovery';
import { unwrapMasterKey } from '../crypto/user-keys';

/** The options of a command that takes a private key. */
export const keyOptions = [
  ['--private-key <file>', 'an RSA private key in PEM (PKCS#1, PKCS#8 or OpenSSH), - for standard input'],
  ['--passphrase-file <file>', 'the passphrase of a private key that is protected'],
] as const;

/** The option that says whose user key it is. */
export const userOption = ['--user <name>', 'whose private key it is'] as const;

/** What a command that takes a private key says of it in its help. */
export const staysHere =
  'The private key is read by the command alone: the host hands over what is wrapped for the user, and the command opens it.';

/** A master key that is wrapped, in base64. */
export interface Wrapped {
  readonly wrapped: string;
}

/** The text of an option that must be given. */
export function needed({ maybe, failure }: PluginCall, name: string, written: string): string {
  const given = maybe(name);
  if (given === undefined) throw failure('usage', `${written} is missing.`, '--help shows what the command takes.');
  return given;
}

/** What is wrong with a key or a sheet is told as it is, and ends the command as input that breaks a rule. */
async function explained<T>({ failure }: PluginCall, what: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof LatchkeyError)) throw error;
    throw failure('invalid', `${what}: ${error.message}`, error.remedy);
  }
}

/** The private key that an option names, opened with its passphrase. */
export async function privateKeyOf(call: PluginCall): Promise<KeyObject> {
  needed(call, 'privateKey', '--private-key');
  const passphrase = call.fileText('passphraseFile');
  const text = call.fileText('privateKey') ?? '';
  return explained(call, '--private-key', () => readPrivateKey(text, passphrase === undefined ? {} : { passphrase }));
}

/** The private key of a recovery sheet that was typed again, or that of a file in PEM. */
export async function sheetKeyOf(call: PluginCall): Promise<KeyObject> {
  const text = call.fileText('sheet') ?? '';
  return explained(call, '<sheet>', () => recoveryPrivateKey(text));
}

/** The master keys, as the host takes them for a proof: whoever can open the wraps has the right to what follows. */
export async function unwrapped(call: PluginCall, what: string, key: KeyObject, wraps: readonly Wrapped[]) {
  return explained(call, what, async () => {
    const masters: { readonly key: string }[] = [];
    for (const { wrapped } of wraps) {
      const bytes = await unwrapMasterKey(key, Buffer.from(wrapped, 'base64'));
      masters.push({ key: bytes.toString('base64') });
      bytes.fill(0);
    }
    return masters;
  });
}

/** The proof of a user: whose wraps they were, and what was in them. */
export async function proofOf(call: PluginCall) {
  const user = needed(call, 'user', '--user');
  const key = await privateKeyOf(call);
  const { wraps } = await call.request<{ readonly wraps: readonly Wrapped[] }>('POST', '/netbox-secrets/wraps/', {
    user,
  });
  return { user, masters: await unwrapped(call, '--private-key', key, wraps) };
}

/** The proof of a recovery sheet. */
export async function sheetProofOf(call: PluginCall) {
  const key = await sheetKeyOf(call);
  const { wraps } = await call.request<{ readonly wraps: readonly Wrapped[] }>(
    'GET',
    '/netbox-secrets/recovery-wraps/',
  );
  return { masters: await unwrapped(call, '<sheet>', key, wraps) };
}
