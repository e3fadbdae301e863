import { createSecretKey } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { deriveHostKeys } from '../../plugins/netbox-secrets/src/crypto/host-keys';
import { createRotation } from '../../plugins/netbox-secrets/src/service/rotation';
import { createSessionCache } from '../../plugins/netbox-secrets/src/service/session-cache';
import { openEncryptedStore } from '../support/encrypted-store';

// Waits for a line of input, so that its start costs nobody time; then rotates the master key of the store in a folder,
// again and again, and writes a line at each beginning and each batch.
async function main(folder: string): Promise<void> {
  await once(process.stdin, 'data');
  const { store, admin } = await openEncryptedStore({}, folder);
  const keys = deriveHostKeys(createSecretKey(store.host.deriveKey('store')));
  const rotation = createRotation({ host: store.host, keys, cache: createSessionCache(), batchSize: 5 });
  const privateKey = readFileSync(join(folder, 'admin.pem'), 'utf8');
  for (;;) {
    const { sessionKey } = await store.keys.unlockWithPrivateKey(admin, privateKey, {});
    const keyring = await store.keys.open(admin, sessionKey);
    if (!keyring) throw new Error('no keyring');
    writeSync(1, 'begin\n');
    await rotation.rotate(admin, keyring, () => void writeSync(1, 'batch\n'));
  }
}

void main(process.argv[2] ?? '');
