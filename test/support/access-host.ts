import { join } from 'node:path';
import { silentLogger } from '../../core/src/logger';
import { collectionsOf } from '../../host/src/collections/collections';
import { createAttempts } from '../../host/src/credentials/attempts';
import { hashPassword } from '../../host/src/credentials/password';
import { createPasswordCheck } from '../../host/src/credentials/password-check';
import { loadTokenKey } from '../../host/src/credentials/token-key';
import { hostTypes } from '../../host/src/domain/types';
import { firstStart } from '../../host/src/first-start';
import { createSignIn } from '../../host/src/http/sign-in';
import { createObjectPolicy } from '../../host/src/permissions/object-policy';
import { openDatabase } from '../../host/src/persistence/open-database';
import { createDefinitions } from '../../host/src/resolution/definitions';
import { createLastUsed } from '../../host/src/resolution/last-used';
import { createGrantsOf, createPrincipals } from '../../host/src/resolution/principals';
import { createWrites } from '../../host/src/writes/create-writes';
import { HttpHost, memoryServices, plainChoices, type TestAnswer, type TestRequest } from './http-host';
import { temporaryFolder } from './temporary-folder';
import { everythingKept, testPlace } from './test-database';

/** The token of the superuser of a test. */
export const adminKey = 'a'.repeat(40);

// Takes no time, for tests that are not about the hash.
const quickly = {
  hash: (password: string) => `hash of ${password.length} characters that end in ${password.slice(-1)}`,
  verify: (hashed: string, password: string) => Promise.resolve(hashed === quickly.hash(password)),
};

/** A host of the nouns of access: a real database, real HTTP, object permissions, a clock that stands until it is moved. */
export async function openAccessHost({ argon2 = false } = {}) {
  const folder = temporaryFolder();
  const clock = { time: Date.parse('2026-11-24T12:00:00Z') };
  const now = () => clock.time;
  const unitOfWork = await openDatabase(testPlace(folder));
  const tokenKey = await loadTokenKey(join(folder, 'token.key'), { make: true });
  const superuser = { name: 'admin', password: undefined, apiToken: adminKey };
  await firstStart(unitOfWork, { superuser, tokenKeyFile: join(folder, 'token.key') }, tokenKey);
  const definitions = createDefinitions(unitOfWork);
  await definitions.refresh();
  const lastUsed = createLastUsed(unitOfWork, { now });
  const passwords = argon2 ? createPasswordCheck() : createPasswordCheck({ verify: quickly.verify });
  const principals = createPrincipals({ definitions, rows: unitOfWork.rows, tokenKey, passwords, lastUsed, now });
  const policy = createObjectPolicy(createGrantsOf(hostTypes));
  const seals = { password: argon2 ? hashPassword : quickly.hash, token: tokenKey.hash };
  const attempts = createAttempts({}, now);
  const signIn = createSignIn({ definitions, principals, attempts });
  const source = { address: undefined as string | (() => string) | undefined };
  const seeming = (address: string): string =>
    typeof source.address === 'function' ? source.address() : (source.address ?? address);
  const services = memoryServices({
    logger: silentLogger,
    policy,
    principals,
    attempts: {
      ...attempts,
      wait: (attempt) => attempts.wait({ ...attempt, address: seeming(attempt.address) }),
      failed: (attempt) => attempts.failed({ ...attempt, address: seeming(attempt.address) }),
    },
    writes: createWrites({ unitOfWork, policy, choices: plainChoices, rules: {}, seals }),
    collections: collectionsOf({
      definitions: unitOfWork.rows,
      accessEntries: unitOfWork.rows,
      choices: plainChoices,
    }),
    authenticate: (credentials) => signIn(credentials && { ...credentials, address: seeming(credentials.address) }),
  });
  const http = await HttpHost.start(services);
  return {
    clock,
    unitOfWork,
    lastUsed,
    /** Where the next requests seem to come from. */
    source,
    request: (path: string, options: TestRequest = {}): Promise<TestAnswer> =>
      http.request(`/api/users/${path}`, { token: adminKey, ...options }),
    anywhere: (path: string, options: TestRequest = {}): Promise<TestAnswer> =>
      http.request(path, { token: adminKey, ...options }),
    /** Every byte that is kept, the key file aside. */
    bytes: () => everythingKept(folder),
    async close() {
      await http.stop();
      await lastUsed.close();
      await unitOfWork.close();
    },
  };
}

/** A host of {@link openAccessHost}. */
export type AccessHost = Awaited<ReturnType<typeof openAccessHost>>;

/** The headers of a name and a password. */
export function basic(name: string, password: string): TestRequest {
  return { token: '', headers: { Authorization: `Basic ${Buffer.from(`${name}:${password}`).toString('base64')}` } };
}
