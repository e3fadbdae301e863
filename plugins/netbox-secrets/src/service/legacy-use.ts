import type { HostAccess, Principal, ToldRead } from '@latchkey/host/extend';
import type { Keyring } from '../crypto/keyring';
import { encryptedStore } from '../provider';
import { StoreError } from './store-error';

const entryOf = ({ id, name }: Principal, outcome: string): ToldRead => ({
  user_id: id ?? null,
  user: name,
  action: 'private-key',
  provider: encryptedStore,
  decision: outcome === 'ok' ? 'allowed' : 'denied',
  rule: 'legacy unlock',
  outcome,
});

/** Opens with a private key that was sent, and records that it was, before anything comes of it; wrong ones too. */
export async function recordedUse(
  host: HostAccess,
  principal: Principal,
  open: () => Promise<Keyring>,
): Promise<Keyring> {
  let keyring: Keyring;
  try {
    keyring = await open();
  } catch (error) {
    if (error instanceof StoreError) await host.record(entryOf(principal, error.refusal));
    throw error;
  }
  await host.record(entryOf(principal, 'ok'));
  return keyring;
}
