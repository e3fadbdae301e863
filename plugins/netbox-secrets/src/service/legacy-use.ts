import type { HostAccess, NewAccessEntry, Principal } from '@latchkey/host/extend';
import type { Keyring } from '../crypto/keyring';
import { StoreError } from './store-error';

const nothing = {
  secret_id: null,
  secret: null,
  secrets_group_id: null,
  secrets_group: null,
  access_type: null,
  secret_type: null,
  object_id: null,
  object_type: null,
  object: null,
  request_id: null,
} as const;

function entryOf({ id, name }: Principal, outcome: string): NewAccessEntry {
  return {
    ...nothing,
    time: new Date().toISOString(),
    user_id: id ?? null,
    user: name,
    action: 'private-key',
    provider: 'encrypted-store',
    decision: outcome === 'ok' ? 'allowed' : 'denied',
    rule: 'legacy unlock',
    outcome,
    duration_us: 0,
  };
}

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
