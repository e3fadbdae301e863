import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { silentLogger } from '../../core/src/logger';
import { collections, collectionsOf } from '../../host/src/collections/collections';
import { loadTokenKey } from '../../host/src/credentials/token-key';
import { tokenType, userType, type Principal } from '../../host/src/domain/access';
import type { NewAccessEntry } from '../../host/src/domain/audit';
import { objectType } from '../../host/src/domain/inventory';
import { hostAccess } from '../../host/src/extension/access';
import { joinExtensions } from '../../host/src/extension/extensions';
import { createChangeLog } from '../../host/src/observability/change-log';
import { createObjectPolicy } from '../../host/src/permissions/object-policy';
import { openDatabase } from '../../host/src/persistence/open-database';
import { createDefinitions } from '../../host/src/resolution/definitions';
import { createGrantsOf, createPrincipals } from '../../host/src/resolution/principals';
import { createWrites } from '../../host/src/writes/create-writes';
import { createExtension } from '../../plugins/netbox-secrets/src/extension';
import { readSettings } from '../../plugins/netbox-secrets/src/settings';
import type { Store } from '../../plugins/netbox-secrets/src/store';
import { roleType } from '../../plugins/netbox-secrets/src/types';
import { plainChoices } from './http-host';
import { temporaryFolder } from './temporary-folder';

const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const second = generateKeyPairSync('rsa', { modulusLength: 2048 });
const pem = (key: typeof privateKey, type: 'pkcs8' | 'spki') => key.export({ type, format: 'pem' } as never).toString();

/** Two key pairs in PEM. */
export const pairs = {
  first: { private: pem(privateKey, 'pkcs8'), public: pem(publicKey, 'spki') },
  second: { private: pem(second.privateKey, 'pkcs8'), public: pem(second.publicKey, 'spki') },
};

/** An encrypted store on a real database: users, a role, a device, and no key yet. */
export async function openEncryptedStore(config: Readonly<Record<string, unknown>> = {}, folder = temporaryFolder()) {
  const { extension, store } = createExtension(readSettings({ legacy_unlock: 'on', ...config }));
  const extensions = joinExtensions([extension], Object.values(collections));
  const { types, migrations, guards } = extensions;
  const file = join(folder, 'latchkey.sqlite');
  const isNew = !existsSync(file);
  const unitOfWork = await openDatabase({ file, types, migrations });
  const tokenKey = await loadTokenKey(join(folder, 'token.key'), { make: isNew });
  const definitions = createDefinitions(unitOfWork);
  await definitions.refresh();
  const principals = createPrincipals({ definitions, rows: unitOfWork.rows, tokenKey });
  const policy = createObjectPolicy(createGrantsOf(types));
  const seals = { password: (text: string) => `hashed ${text.length}`, token: tokenKey.hash };
  const listeners = [createChangeLog(), ...extensions.listeners];
  const writes = createWrites({ unitOfWork, policy, choices: plainChoices, rules: {}, seals, listeners, guards });
  const records: NewAccessEntry[] = [];
  const accessLog = {
    append: async (entry: NewAccessEntry) => {
      records.push(entry);
      return unitOfWork.version();
    },
  };
  const sources = { definitions: unitOfWork.rows, accessEntries: unitOfWork.rows, choices: plainChoices };
  const opened = await extensions.open(
    hostAccess({
      logger: silentLogger,
      version: '0.0.0',
      localOnly: true,
      collections: collectionsOf(sources as never, extensions.collections),
      unitOfWork,
      accessLog,
      policy,
      writes,
      definitions,
      principals,
      tokenKey,
    }),
  );
  const acting = (name: string) => async (): Promise<Principal> => {
    await definitions.refresh();
    return principals.user(name)();
  };
  const time = new Date().toISOString();
  const stamps = () => ({ id: randomUUID(), created: time, last_updated: time });
  if (isNew) {
    await unitOfWork.run(async (tx) => {
      for (const username of ['admin', 'jane', 'carl'])
        await tx.insert(userType, { ...stamps(), username, is_superuser: username === 'admin' } as never);
      await tx.insert(roleType, { ...stamps(), name: 'Login', slug: 'login' } as never);
      await tx.insert(objectType, { ...stamps(), object_type: 'dcim.device', name: 'r1', slug: 'r1' } as never);
    });
  }
  const admin = await acting('admin')();
  return {
    file,
    folder,
    unitOfWork,
    writes,
    policy,
    records,
    admin,
    acting,
    store: store() as Store,
    user: async (name: string) => (await unitOfWork.rows.get(userType, { username: name }))?.id ?? '',
    /** A token of a user, as a row. */
    token: (name: string) =>
      writes.create(admin, tokenType, { user: { username: name }, key: randomUUID().repeat(2).slice(0, 40) }),
    close: async () => {
      await opened.close();
      await unitOfWork.close();
    },
  };
}

/** An encrypted store that is open. */
export type EncryptedStore = Awaited<ReturnType<typeof openEncryptedStore>>;
