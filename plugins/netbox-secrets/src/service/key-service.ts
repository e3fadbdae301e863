import type { HostAccess, Principal } from '@latchkey/host/extend';
import type { HostKeys } from '../crypto/host-keys';
import type { Keyring } from '../crypto/keyring';
import { wrapType } from '../types';
import { checkChallenge, makeChallenge } from './challenges';
import type { KeyService } from './contract';
import { recordedUse } from './legacy-use';
import { StoreError } from './store-error';
import { allOf, where } from './rows';
import type { SessionCache } from './session-cache';
import { createSessions, type SessionLimits } from './sessions';
import { createUserKeys } from './user-keys';
import { holdingKey } from './ways';

/** What the key service is made of. */
export interface KeyServiceParts {
  readonly host: HostAccess;
  readonly keys: HostKeys;
  readonly limits: SessionLimits;
  readonly cache: SessionCache;
  /** Whether a private key may be sent here. */
  readonly legacyUnlock: boolean;
}

const legacyOff =
  'Sending a private key is switched off on this host. Unlock with the challenge at unlock/, or let the operator set ' +
  'legacy_unlock in the configuration of the plugin netbox-secrets.';

/** Makes the service of user keys and sessions. */
export function createKeyService(parts: KeyServiceParts): KeyService & { sweep(): Promise<void> } {
  const { host, keys, legacyUnlock } = parts;
  const userKeys = createUserKeys(parts);
  const sessions = createSessions(parts);
  const keyringBy = (principal: Principal, privateKey: string): Promise<Keyring> =>
    recordedUse(host, principal, async () => {
      if (!legacyUnlock) throw new StoreError('legacy-unlock-off', legacyOff);
      return userKeys.keyringBy(principal, privateKey);
    });
  const ownKey = (principal: Principal) => holdingKey(host.rows, keys, principal.id);

  return {
    setUserKey: userKeys.setUserKey,
    userKeyOf: userKeys.userKeyOf,
    deactivate: userKeys.deactivate,
    removeUserKey: userKeys.removeUserKey,

    async activate(principal, proof, ids) {
      if ('keyring' in proof) return userKeys.activate(principal, proof.keyring, ids);
      return userKeys.activate(principal, await keyringBy(principal, proof.privateKey), ids);
    },

    async unlockWithPrivateKey(principal, privateKey, wish) {
      return sessions.openFor(principal, await keyringBy(principal, privateKey), wish);
    },

    async challenge(principal) {
      const { id } = await ownKey(principal);
      const found = await allOf(host.rows, wrapType, [where('user_key', id)]);
      const wraps = found.map(({ master_version: version, wrapped }) => ({ version, wrapped }));
      return { ...makeChallenge(keys, principal.id ?? ''), wraps };
    },

    async unlockWithProof(principal, { id, masters }, wish) {
      await ownKey(principal);
      checkChallenge(keys, principal.id ?? '', id);
      return sessions.openFor(principal, await sessions.keyringOfProof(masters), wish);
    },

    open: sessions.open,
    sessions: sessions.sessions,
    revoke: sessions.revoke,
    sweep: sessions.sweep,
  };
}
