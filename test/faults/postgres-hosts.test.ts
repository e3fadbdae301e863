import { setTimeout as pause } from 'node:timers/promises';
import { accessEntryType } from '../../host/src/domain/audit';
import { objectChangeType } from '../../host/src/domain/changes';
import type { Filter } from '../../host/src/domain/ports';
import { secretType } from '../../host/src/domain/secrets';
import { openAccessLog } from '../../host/src/persistence/open-access-log';
import { startFreezingProxy } from '../support/freezing-proxy';
import type { HostProcess } from '../support/host-process';
import { describePostgres, startPostgres, type Postgres } from '../support/postgres';
import { beside, makeCheckers, newKeyFile, startHosts, type Checker } from '../support/postgres-hosts';
import { restClient } from '../support/rest-client';
import { create } from '../support/spine';
import { removeTemporaryFolders } from '../support/temporary-folder';

jest.setTimeout(300_000);

const everything = { scope: { kind: 'all' }, limit: 100_000, offset: 0 } as const;

describePostgres('hosts on one PostgreSQL', () => {
  let postgres: Postgres;
  let url: string;
  let keyFile: string;
  let hosts: HostProcess[];
  let secret: string;
  beforeAll(async () => {
    postgres = await startPostgres();
  });
  beforeEach(async () => {
    url = await postgres.newDatabase();
    keyFile = newKeyFile();
    hosts = await startHosts(url, 3, keyFile);
    const parameters = { variable: 'SHARED_VALUE' };
    const row = { name: 'Shared', provider: 'environment-variable', parameters };
    secret = (await create((hosts[0] as HostProcess).rest, 'extras/secrets', row)).id as string;
  });
  afterEach(async () => {
    await Promise.all(hosts.map((host) => host.kill9()));
  });
  afterAll(async () => {
    await postgres.stop();
    removeTemporaryFolders();
  });

  const host = (i: number): HostProcess => hosts[i % hosts.length] as HostProcess;
  const check = async (at: HostProcess, key: string) => {
    const began = performance.now();
    const { status, body } = await restClient(at.url, key)('POST', `/api/extras/secrets/${secret}/check/`, {
      body: {},
    });
    return { began, accepted: status === 200 && body.result === true, status };
  };

  test('a change on one is what the next request on any other finds', async () => {
    for (let i = 0; i < 30; i += 1) {
      const changed = await host(i).rest('PATCH', `/api/extras/secrets/${secret}/`, { body: { description: `${i}` } });
      expect(changed.status).toBe(200);
      const found = await Promise.all(hosts.map(({ rest }) => rest('GET', `/api/extras/secrets/${secret}/`)));
      expect(found.map(({ body }) => body.description)).toEqual(hosts.map(() => `${i}`));
    }
  });

  test('200 revokes under load: no host accepts a request that begins after one', async () => {
    const checkers = await makeCheckers(url, keyFile, 200);
    const ways: readonly ((checker: Checker) => readonly [string, string, unknown])[] = [
      // Its token goes with it.
      ({ user }) => ['DELETE', `/api/users/users/${user}/`, undefined],
      ({ permission }) => ['DELETE', `/api/users/permissions/${permission}/`, undefined],
      ({ user }) => ['PATCH', `/api/users/users/${user}/`, { is_active: false }],
    ];
    const late: number[] = [];
    let accepted = 0;
    for (const [round, checker] of checkers.entries()) {
      let revoked = Infinity;
      const ask = async (at: HostProcess): Promise<void> => {
        for (let refusedAfter = 0; refusedAfter < 2;) {
          const answer = await check(at, checker.key);
          if (answer.accepted) accepted += 1;
          if (answer.began > revoked && answer.accepted) late.push(answer.began - revoked);
          if (answer.began > revoked && !answer.accepted) refusedAfter += 1;
        }
      };
      const asking = Promise.all(hosts.flatMap((at) => [ask(at), ask(at)]));
      await pause(5 + (round % 10));
      const [method, path, body] = (ways[round % ways.length] as (typeof ways)[0])(checker);
      const { status } = await host(round).rest(method, path, { ...(body !== undefined && { body }) });
      revoked = performance.now();
      await asking;
      expect([200, 204]).toContain(status);
    }
    expect(late).toEqual([]);
    // Load that was refused from the start would prove nothing.
    expect(accepted).toBeGreaterThan(checkers.length * 3);
  });

  test('kill -9 in the middle of writes loses nothing that was acknowledged and leaves nothing half-written', async () => {
    const acknowledged: string[] = [];
    const size = 7;
    for (let round = 0; round < 6; round += 1) {
      const victim = hosts.pop() as HostProcess;
      const load = { on: true };
      const write = async (worker: number): Promise<void> => {
        for (let i = 0; load.on; i += 1) {
          const batch = `r${round}w${worker}b${i}`;
          const body = Array.from({ length: size }, (_, n) => ({
            name: `${batch}n${n}`,
            provider: 'environment-variable',
            parameters: { variable: 'SHARED_VALUE' },
          }));
          const answer = await victim.rest('POST', '/api/extras/secrets/', { body }).catch(() => undefined);
          if (answer?.status === 201) acknowledged.push(batch);
          else return;
        }
      };
      const writing = Promise.all([write(0), write(1), write(2)]);
      const enough = acknowledged.length + 2;
      while (acknowledged.length < enough) await pause(5);
      await pause(13 * round);
      await victim.kill9();
      load.on = false;
      await writing;
      // The lock of the one that died is free at once.
      const next = await host(0).rest('PATCH', `/api/extras/secrets/${secret}/`, { body: { description: `${round}` } });
      expect(next.status).toBe(200);
      hosts.push(...(await startHosts(url, 1, keyFile)));
    }
    const { batches, changes } = await beside(url, async ({ rows }) => {
      const names = (await rows.list(secretType, everything)).rows
        .map(({ name }) => name)
        .filter((n) => n !== 'Shared');
      const filters: Filter[] = [
        { field: 'changed_object_type', values: ['extras.secret'] },
        { field: 'action', values: ['create'] },
      ];
      const told = await rows.list(objectChangeType, { ...everything, filters });
      const counted = new Map<string, number>();
      for (const name of names) {
        const batch = name.slice(0, name.indexOf('n'));
        counted.set(batch, (counted.get(batch) ?? 0) + 1);
      }
      return { batches: counted, changes: told.count };
    });
    expect(acknowledged.filter((batch) => batches.get(batch) !== size)).toEqual([]);
    expect([...batches.values()].filter((count) => count !== size)).toEqual([]);
    expect(changes).toBe(1 + size * batches.size);
    expect(acknowledged.length).toBeGreaterThanOrEqual(12);
  });

  test('a host that is cut off from the database gives no value, holds up nobody, and goes on once it is back', async () => {
    const proxy = await startFreezingProxy(Number(new URL(url).port));
    const through = new URL(url);
    through.port = String(proxy.port);
    const [cut] = (await startHosts(through.href, 1, keyFile)) as [HostProcess];
    hosts.push(cut);
    expect((await check(cut, cut.token)).accepted).toBe(true);
    proxy.freeze();
    // A change that nobody has told the host of.
    const revoked = await host(0).rest('PATCH', `/api/extras/secrets/${secret}/`, { body: { description: 'moved' } });
    expect(revoked.status).toBe(200);
    const asked = await Promise.all(Array.from({ length: 20 }, () => check(cut, cut.token)));
    expect(asked.map(({ status }) => status)).toEqual(asked.map(() => 503));
    const write = await cut.rest('POST', '/api/extras/secrets-groups/', { body: { name: 'cut' } });
    expect(write.status).toBe(503);
    expect((await host(1).rest('POST', '/api/extras/secrets-groups/', { body: { name: 'free' } })).status).toBe(201);
    proxy.thaw();
    const back = performance.now();
    while (!(await check(cut, cut.token)).accepted) await pause(50);
    expect(performance.now() - back).toBeLessThan(10_000);
    const found = await cut.rest('GET', `/api/extras/secrets/${secret}/`);
    expect(found.body.description).toBe('moved');
    await cut.kill9();
    await proxy.close();
  });

  test('hosts whose database restarts under load refuse meanwhile, and recover by themselves', async () => {
    const load = { on: true };
    const [checks, refused] = [{ accepted: 0 }, new Map<number, number>()];
    let slowest = 0;
    const ask = async (at: HostProcess): Promise<void> => {
      while (load.on) {
        const { accepted, status, began } = await check(at, at.token);
        slowest = Math.max(slowest, performance.now() - began);
        if (accepted) checks.accepted += 1;
        else refused.set(status, (refused.get(status) ?? 0) + 1);
        await pause(2);
      }
    };
    const asking = Promise.all(hosts.flatMap((at) => [ask(at), ask(at), ask(at)]));
    await pause(500);
    for (let restart = 0; restart < 2; restart += 1) {
      await postgres.halt();
      const before = checks.accepted;
      await pause(200);
      const during = checks.accepted;
      await pause(500);
      // What was under way when it halted may still have been told of; nothing after.
      expect(checks.accepted).toBe(during);
      expect(during - before).toBeLessThanOrEqual(3 * hosts.length);
      const ready = await Promise.all(hosts.map(({ rest }) => rest('GET', '/readyz', { token: null })));
      expect(ready.map(({ status }) => status)).toEqual([503, 503, 503]);
      await postgres.start();
      const back = performance.now();
      for (const at of hosts) while (!(await check(at, at.token)).accepted) await pause(20);
      expect(performance.now() - back).toBeLessThan(10_000);
      const written = await Promise.all(
        hosts.map(({ rest }, i) =>
          rest('PATCH', `/api/extras/secrets/${secret}/`, { body: { description: `${restart} ${i}` } }),
        ),
      );
      expect(written.map(({ status }) => status)).toEqual([200, 200, 200]);
    }
    load.on = false;
    await asking;
    expect([...refused.keys()]).toEqual([503]);
    expect(slowest).toBeLessThan(5_000);
    const log = await openAccessLog({ url, version: async () => 1 });
    const filters = [{ field: 'outcome', values: ['ok'] }];
    const { count } = await log.rows.list(accessEntryType, { ...everything, limit: 1, filters });
    await log.close();
    expect(count).toBeGreaterThanOrEqual(checks.accepted);
  });
});
