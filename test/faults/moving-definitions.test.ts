import { createHost, type Host } from '../../host/src/compose';
import { tokenType, userType } from '../../host/src/domain/access';
import { accessEntryType, type AccessEntry } from '../../host/src/domain/audit';
import type { Transaction } from '../../host/src/domain/ports';
import { associationType, secretType } from '../../host/src/domain/secrets';
import type * as AccessLogFile from '../../host/src/persistence/open-access-log';
import { addAccount, besideHost } from '../support/accounts';
import { adminToken } from '../support/host-process';
import { localConfig } from '../support/local-host';
import { restClient, type Rest } from '../support/rest-client';
import { create } from '../support/spine';
import { removeTemporaryFolders } from '../support/temporary-folder';

jest.setTimeout(60_000);

// Runs after a read is decided and its value fetched, and before it is recorded.
let mockBetween: (() => Promise<void>) | undefined;
let mockRows: Awaited<ReturnType<typeof AccessLogFile.openAccessLog>>['rows'];
jest.mock('../../host/src/persistence/open-access-log', () => {
  const actual = jest.requireActual<typeof AccessLogFile>('../../host/src/persistence/open-access-log');
  return {
    openAccessLog: async (options: never) => {
      const log = await actual.openAccessLog(options);
      mockRows = log.rows;
      const append: typeof log.append = async (entry) => {
        const between = mockBetween;
        mockBetween = undefined;
        await between?.();
        return log.append(entry);
      };
      return { ...log, append };
    },
  };
});

let host: Host;
let rest: Rest;
let dataDir: string;
let rows: Readonly<Record<'secret' | 'group' | 'association', { readonly id: string }>>;

beforeEach(async () => {
  Object.assign(process.env, { MOVING_OLD: 'old-value', MOVING_NEW: 'new-value' });
  const config = localConfig();
  ({ dataDir } = config);
  host = await createHost(config);
  rest = restClient(await host.listen(), adminToken);
  const provider = 'environment-variable';
  const parameters = { variable: 'MOVING_OLD' };
  const secret = await create(rest, 'extras/secrets', { name: 'Moving', provider, parameters });
  const group = await create(rest, 'extras/secrets-groups', { name: 'Moving' });
  const slot = { access_type: 'SSH', secret_type: 'password' };
  const association = await create(rest, 'extras/secrets-groups-associations', {
    ...slot,
    secrets_group: group.id,
    secret: secret.id,
  });
  rows = { secret, group, association };
});
afterEach(async () => {
  mockBetween = undefined;
  await host.close();
  removeTemporaryFolders();
});

/** Changes a definition as another process would, in the middle of the next read. */
function meanwhile(change: (transaction: Transaction) => Promise<unknown>): void {
  mockBetween = () => besideHost(dataDir, async (it) => void (await it.run(change)));
}

async function recorded(user: string): Promise<readonly AccessEntry[]> {
  const query = {
    scope: { kind: 'all' },
    filters: [{ field: 'user', values: [user] }],
    limit: 100,
    offset: 0,
  } as const;
  return (await mockRows.list(accessEntryType, query)).rows;
}

const repoint = (variable: string) => (transaction: Transaction) =>
  transaction.update(secretType, rows.secret.id, { parameters: { variable } });
const slot = { accessType: 'SSH', secretType: 'password' };

test('a secret that changes between decision and record gives its new value, and both reads are on record', async () => {
  const held = await host.as('admin').secrets.get({ name: 'Moving' });
  await held.getValue();
  const before = (await recorded('admin')).length;
  meanwhile(repoint('MOVING_NEW'));
  expect((await held.getValue()).reveal()).toBe('new-value');
  expect((await recorded('admin')).length).toBe(before + 2);
});

test('a slot that is emptied meanwhile gives no value', async () => {
  const group = await host.as('admin').groups.get({ name: 'Moving' });
  expect((await group.getSecretValue(slot)).reveal()).toBe('old-value');
  meanwhile((transaction) => transaction.remove(associationType, rows.association.id));
  await expect(group.getSecretValue(slot)).rejects.toMatchObject({ code: 'no-secret' });
  expect((await recorded('admin')).at(-1)).toMatchObject({ decision: 'denied', outcome: 'no-secret' });
});

test('a secret that is deleted meanwhile gives no value', async () => {
  const parameters = { variable: 'MOVING_OLD' };
  const body = { name: 'Short-lived', provider: 'environment-variable', parameters };
  const { id } = await create(rest, 'extras/secrets', body);
  const held = await host.as('admin').secrets.get({ name: 'Short-lived' });
  meanwhile((transaction) => transaction.remove(secretType, id));
  await expect(held.getValue()).rejects.toMatchObject({ message: expect.stringMatching(/^(Not found|No )/) });
});

test.each([
  ['deactivated', { is_active: false }],
  ['no longer an administrator', { is_superuser: false }],
])('a user who is %s meanwhile gets no value, and that is on record', async (_what, change) => {
  const { user } = await addAccount(dataDir, { key: 'key-of-the-moving-user', username: 'ada' });
  const held = await host.as('ada').secrets.get({ name: 'Moving' });
  expect((await held.getValue()).reveal()).toBe('old-value');
  meanwhile((transaction) => transaction.update(userType, user.id, change));
  const outcome = await held.getValue().then(
    (value) => value.reveal(),
    (failure: Error) => failure,
  );
  expect(outcome).toBeInstanceOf(Error);
  expect((await recorded('ada')).at(-1)).toMatchObject({
    decision: 'denied',
    outcome: expect.not.stringMatching('ok'),
  });
  await expect(held.getValue()).rejects.toBeInstanceOf(Error);
});

test('a token that is taken away during its check gets no answer', async () => {
  const key = 'key-of-the-moving-token';
  const { token } = await addAccount(dataDir, { key, username: 'ada' });
  const check = () => rest('GET', `/api/extras/secrets/${rows.secret.id}/check/`, { token: key });
  expect((await check()).status).toBe(200);
  meanwhile((transaction) => transaction.remove(tokenType, token.id));
  expect(await check()).toMatchObject({ status: 403, body: { detail: 'Invalid token' } });
  expect((await recorded('ada')).at(-1)).toMatchObject({ decision: 'denied' });
});

test('a definition that never rests is no reason to wait for ever, nor to give a value', async () => {
  const held = await host.as('admin').secrets.get({ name: 'Moving' });
  let turn = 0;
  const again = async (): Promise<void> => {
    turn += 1;
    await besideHost(dataDir, async (it) => void (await it.run(repoint(turn % 2 ? 'MOVING_NEW' : 'MOVING_OLD'))));
    mockBetween = again;
  };
  mockBetween = again;
  await expect(held.getValue()).rejects.toMatchObject({ code: 'definition-moved', retriable: true });
  expect(turn).toBeGreaterThan(1);
});

test('no read that begins after a change was acknowledged sees the state before it, whoever reads beside it', async () => {
  const held = await host.as('admin').secrets.get({ name: 'Moving' });
  const variables = { MOVING_OLD: 'old-value', MOVING_NEW: 'new-value' } as const;
  let acknowledged: (typeof variables)[keyof typeof variables] = 'old-value';
  let changing = false;
  const over = new AbortController();
  const stale: string[] = [];
  const reader = async (): Promise<void> => {
    while (!over.signal.aborted) {
      const expected = acknowledged;
      const wasChanging = changing;
      const value = (await held.getValue()).reveal();
      if (!wasChanging && !changing && acknowledged === expected && value !== expected) stale.push(value);
    }
  };
  const readers = Array.from({ length: 8 }, reader);
  for (let round = 0; round < 30; round += 1) {
    const variable = round % 2 ? 'MOVING_OLD' : 'MOVING_NEW';
    changing = true;
    if (round % 3) await besideHost(dataDir, async (it) => void (await it.run(repoint(variable))));
    else await rest('PATCH', `/api/extras/secrets/${rows.secret.id}/`, { body: { parameters: { variable } } });
    acknowledged = variables[variable];
    changing = false;
    expect((await held.getValue()).reveal()).toBe(acknowledged);
  }
  over.abort();
  await Promise.all(readers);
  expect(stale).toEqual([]);
});
