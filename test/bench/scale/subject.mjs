import { join, resolve } from 'node:path';
import { performance } from 'node:perf_hooks';
import { startServer } from '../support/processes.mjs';
import { environment, headers, hostSettings } from '../support/story.mjs';
import { fillSecrets } from './fill.mjs';

const hostMain = resolve(import.meta.dirname, '../../../host/dist/main.js');
const key = 'constrained-token-0123456789-0123456789';
const [variable] = Object.keys(environment);

/** Ten permissions on indexed lookups; together they are a tenth of the secrets. */
const permissions = Array.from({ length: 10 }, (_, i) => ({
  name: `Area 3, teams of ${i}`,
  enabled: true,
  object_types: ['extras.secret'],
  actions: ['view'],
  constraints: {
    parameters__path__istartswith: `/OPT/secrets/area-3/team-${i}`,
    provider__in: ['text-file', 'hashicorp-vault'],
  },
}));

/** Makes a database of so many secrets; gives what starts a host on it. */
export async function fillSubject(engine, count, { folder, say }) {
  const name = `${engine.engine}-${count}`;
  const place = await engine.newPlace(name);
  const env = { ...process.env, ...environment, ...hostSettings(join(folder, name)), ...place.settings };
  const start = () => startServer(hostMain, { folder, env });
  const first = await start();
  await tellAccess(first.url);
  await first.stop();
  const began = performance.now();
  const progress = (done) => {
    const seconds = (performance.now() - began) / 1000;
    if (done % 100_000 === 0 || done === count)
      say(`${engine.title}: ${done} of ${count} secrets, ${seconds.toFixed(0)} s`);
  };
  await engine.asking(place, (query) => fillSecrets({ engine: engine.engine, query }, { count, variable, progress }));
  return async () => {
    const host = await start();
    return { ...host, count, ask: (path, how) => ask(host.url, path, how) };
  };
}

/** Asks the host once; gives how long the whole answer took, in milliseconds. */
async function ask(url, path, { constrained = false, check, ...request } = {}) {
  const sent = constrained ? { ...headers, Authorization: `Token ${key}` } : headers;
  const began = performance.now();
  const answer = await fetch(`${url}/api/extras/secrets/${path}`, { ...request, headers: sent });
  const body = await answer.json();
  const took = performance.now() - began;
  if (!answer.ok || check?.(body) === false) throw new Error(`${path}: ${answer.status} ${JSON.stringify(body)}`);
  return took;
}

async function tellAccess(url) {
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
