import { join, resolve } from 'node:path';
import { performance } from 'node:perf_hooks';
import { createHost, readConfig } from '@latchkey/host';
import { fillSecrets } from '../support/many-secrets.mjs';
import { median, rateOf } from '../support/rate.mjs';
import { headers, hostSettings } from '../support/story.mjs';
import { runTests } from '../support/tests.mjs';

const root = resolve(import.meta.dirname, '../../..');
const host = (path) => import(join(root, 'host/dist', `${path}.js`));

/** Ten permissions of two clauses each, one of them a folded prefix; together they are a tenth of the secrets. */
const permissions = Array.from({ length: 10 }, (_, i) => ({
  name: `Area 3, teams of ${i}`,
  enabled: true,
  object_types: ['extras.secret'],
  actions: ['view'],
  constraints: { parameters__path__istartswith: `/OPT/secrets/area-3/team-${i}`, provider__in: ['text-file', 'vault'] },
}));

/** Constraints: that memory and SQL agree, decisions in memory, and lists over REST as the table grows. */
export async function measure(settings) {
  const [few, many] = settings.quick ? [100, 1_000] : [1_000, 100_000];
  const agreed = agreement(settings.quick ? 500 : 10_000);
  const decide = await decisions(settings);
  const small = await list(few, settings);
  const large = await list(many, settings);
  return {
    ...agreed,
    decide,
    listFew: small.page,
    listMany: large.page,
    listGrowth: large.page / small.page,
    listFirst: large.first,
  };
}

const agreements = { agree: 'memory and SQL agree', agreePostgres: 'memory, SQLite and PostgreSQL agree' };

/** Runs the property test with so many constraints, each on every row; gives how many were alike, on each engine there is. */
function agreement(count) {
  const results = runTests('test/property', { LATCHKEY_CONSTRAINTS: String(count) });
  const told = Object.entries(agreements).flatMap(([figure, title]) => {
    const status = results.find((result) => result.title.startsWith(title))?.status ?? 'failed';
    return status === 'pending' ? [] : [[figure, status === 'passed' ? count : 0]];
  });
  return Object.fromEntries(told);
}

async function decisions(settings) {
  const { createObjectPolicy } = await host('permissions/object-policy');
  const { compileGrants } = await host('permissions/grants');
  const { targets } = (await host('domain/types')).hostTypes;
  const type = targets.get('extras.secret');
  const given = permissions.map((permission, i) => ({ ...permission, id: String(i) }));
  const grants = compileGrants(given, (name) => targets.get(name));
  const policy = createObjectPolicy(() => grants);
  const principal = { id: 'someone', name: 'someone', isSuperuser: false, mayWrite: true };
  const rows = Array.from({ length: 1_000 }, (_, i) => ({
    id: String(i),
    provider: 'vault',
    parameters: { path: `/opt/Secrets/area-${i % 4}/team-${i % 97}/${i}` },
  }));
  const work = (count) => {
    for (let i = 0; i < count; i += 1) policy.decide({ principal, action: 'view', type, before: rows[i % 1_000] });
  };
  return (await rateOf(work, settings)).perCpuSecond;
}

/**
 * How long a page of 50 takes, in milliseconds: the first one after a change, and the usual one, each time another, since
 * what was asked before comes from memory.
 */
async function list(count, settings) {
  const config = readConfig(hostSettings(join(settings.folder, `constraints-${count}`)));
  const key = 'constrained-token-0123456789-0123456789';
  const first = await createHost(config);
  await tellAccess(await first.listen(), key);
  await first.close();
  await fillSecrets(config.databaseFile, count);

  const running = await createHost(config);
  const url = `${await running.listen()}/api/extras/secrets/?limit=50`;
  const asUser = { headers: { ...headers, Authorization: `Token ${key}` } };
  const ask = async (offset) => {
    const began = performance.now();
    const answer = await fetch(`${url}&offset=${offset}`, asUser);
    const page = await answer.json();
    if (page.results?.length !== Math.min(50, page.count - offset)) throw new Error(`${url}: ${answer.status}`);
    return { took: performance.now() - began, count: page.count };
  };
  const began = await ask(0);
  if (began.count === 0 || began.count >= count)
    throw new Error(`${began.count} of ${count} secrets are in the scope.`);
  const took = [];
  for (let i = 1; i <= (settings.quick ? 3 : 50); i += 1) took.push((await ask(i)).took);
  await running.close();
  return { first: began.took, page: median(took) };
}

async function tellAccess(url, key) {
  const create = async (collection, body) => {
    const answer = await fetch(`${url}/api/users/${collection}/`, {
      method: 'POST',
      headers,
      body: JSON.stringify(body),
    });
    if (answer.status !== 201) throw new Error(`${collection}: ${answer.status} ${await answer.text()}`);
    return (await answer.json()).id;
  };
  const user = await create('users', { username: 'constrained', password: 'the bench signs in by token' });
  await create('tokens', { user, key });
  for (const permission of permissions) await create('permissions', { ...permission, users: [user] });
}
