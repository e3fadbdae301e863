import { createSecretKey } from 'node:crypto';
import type { HostAccess } from '@latchkey/host/extend';
import { deriveHostKeys, type HostKeys } from './crypto/host-keys';
import type { KeyService, SecretService } from './service/contract';
import { createKeyService } from './service/key-service';
import { createOperatorReading } from './service/operator-key';
import { createRotation, type Rotation } from './service/rotation';
import { createSecretService } from './service/secret-service';
import type { SessionCache } from './service/session-cache';
import type { StoredValues } from './provider';
import type { Settings } from './settings';

/** The store on an open host: its services, and what the host reads by itself. */
export interface Store {
  readonly host: HostAccess;
  readonly settings: Settings;
  /** What the host signs rows with. */
  readonly hostKeys: HostKeys;
  readonly keys: KeyService & { sweep(): Promise<void> };
  readonly secrets: SecretService;
  readonly rotation: Rotation;
  /** Whether clients may send their private key. */
  readonly legacyUnlock: boolean;
  /** Undefined where the operator gave the host no key. */
  readonly values: StoredValues | undefined;
}

/** Opens the store. */
export function openStore(host: HostAccess, settings: Settings, cache: SessionCache): Store {
  const keys = deriveHostKeys(createSecretKey(host.deriveKey('store')));
  const legacyUnlock = settings.legacyUnlock === 'auto' ? host.localOnly : settings.legacyUnlock === 'on';
  const parts = { host, keys, cache };
  return {
    host,
    settings,
    hostKeys: keys,
    legacyUnlock,
    keys: createKeyService({ ...parts, legacyUnlock, limits: settings.sessions }),
    secrets: createSecretService(parts),
    rotation: createRotation(parts),
    values: settings.operatorKey && createOperatorReading(parts, settings.operatorKey),
  };
}
