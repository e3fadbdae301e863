import path from 'node:path';
import type { ApiRequest, Answer, HostAccess } from '@latchkey/host/extend';
import { InvalidInput } from '@latchkey/host/extend';
import { readPrivateKey } from '../crypto/private-key';
import { CryptoError } from '../crypto/faults';
import type { HostKeys } from '../crypto/host-keys';
import type { Progress } from './execute';
import type { LongWork } from './jobs';
import { runImport } from './run-import';

/** The body of a request of the command, as texts; what is no text counts as missing. */
export const textsOf = ({ body }: Pick<ApiRequest, 'body'>): ((name: string) => string | undefined) => {
  const fields = typeof body === 'object' && body !== null ? (body as Readonly<Record<string, unknown>>) : {};
  return (name) => (typeof fields[name] === 'string' && fields[name] !== '' ? fields[name] : undefined);
};

/** A refusal that names the field. */
export const missing = (field: string): InvalidInput => new InvalidInput({ [field]: ['This field is required.'] });

/** Reads a private key of a body; what is wrong with it is told under the name of the field. */
export async function privateKeyIn(text: (name: string) => string | undefined, field: string, passphrase: string) {
  const given = text(field);
  if (given === undefined) return undefined;
  const phrase = text(passphrase);
  try {
    return await readPrivateKey(given, phrase === undefined ? {} : { passphrase: phrase });
  } catch (error) {
    if (error instanceof CryptoError) throw new InvalidInput({ [field]: [error.message] });
    throw error;
  }
}

/** The answer to who begins long work. */
export function begun(state: ReturnType<LongWork['begin']>): Answer {
  if (state) return { status: 202, body: state };
  throw new InvalidInput({ non_field_errors: ['An import or a rotation is running already. Wait for its end.'] });
}

/** Begins an import. */
export function importHandler({ host, keys, work }: { host: HostAccess; keys: HostKeys; work: LongWork }) {
  return async (request: ApiRequest): Promise<Answer> => {
    const text = textsOf(request);
    const [file, user] = [text('file'), text('user')];
    if (file === undefined || !path.isAbsolute(file)) throw missing('file');
    if (user === undefined) throw missing('user');
    const privateKey = await privateKeyIn(text, 'private_key', 'passphrase');
    if (!privateKey) throw missing('private_key');
    const storeKey = await privateKeyIn(text, 'store_key', 'store_passphrase');
    const dryRun = (request.body as { readonly dry_run?: unknown }).dry_run === true;
    const principal = await request.acting();
    const wish = { file, user, privateKey, storeKey, dryRun, instance: text('instance') };
    const progress: Progress = { made: 0, passed: 0, refused: 0 };
    return begun(work.begin(progress, () => runImport({ host, keys, principal }, wish, progress)));
  };
}
