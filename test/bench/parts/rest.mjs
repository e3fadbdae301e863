import { join, resolve } from 'node:path';
import { load } from '../support/load.mjs';
import { startServer } from '../support/processes.mjs';
import { cpuSeconds, median } from '../support/rate.mjs';
import { environment, headers, hostSettings, tell } from '../support/story.mjs';

const hostMain = resolve(import.meta.dirname, '../../../host/dist/main.js');
const bareMain = resolve(import.meta.dirname, '../support/bare-server.mjs');
// Those that node writes by itself.
const own = new Set(['connection', 'date', 'keep-alive', 'transfer-encoding']);

/** The host against bare node:http with the same bytes, the two alternating. */
export async function measure(settings) {
  const env = { ...process.env, ...environment, ...hostSettings(join(settings.folder, 'rest')) };
  const host = await startServer(hostMain, { ...settings, env });
  const rows = await tell(host.url, 200);
  const requests = requestsOf(rows);
  const answers = await Promise.all(Object.values(requests).map((request) => answerOf(host.url, request)));
  const bare = await startServer(bareMain, {
    ...settings,
    env: { ...process.env, BENCH_ANSWERS: JSON.stringify(answers) },
  });
  const figures = {};
  for (const [name, request] of Object.entries(requests)) {
    const { ratio, ratioCpu, rate, bareRate } = await compare(host, bare, request, settings);
    Object.assign(figures, {
      [name]: ratio,
      [`${name}Cpu`]: ratioCpu,
      [`${name}Rate`]: rate,
      [`${name}Bare`]: bareRate,
    });
  }
  figures.memory = (await host.facts()).rss / 2 ** 20;
  await bare.stop();
  await host.stop();
  return figures;
}

// Another name for each request.
const secret = {
  name: 'Made {id}',
  provider: 'environment-variable',
  parameters: { variable: 'GIT_TOKEN_GOLDEN_CONFIG' },
};

function requestsOf({ plain, group, slot, object }) {
  return {
    check: { method: 'GET', path: `/api/extras/secrets/${plain}/check/` },
    group: {
      method: 'POST',
      path: `/api/extras/secrets-groups/${group}/check/`,
      body: JSON.stringify({ ...slot, object: { id: object } }),
    },
    list: { method: 'GET', path: '/api/extras/secrets/?limit=50' },
    // No secret has that name; but no page was asked for before.
    walk: { method: 'GET', path: '/api/extras/secrets/?limit=50&name__n={id}' },
    detail: { method: 'GET', path: `/api/extras/secrets/${plain}/` },
    create: { method: 'POST', path: '/api/extras/secrets/', body: JSON.stringify(secret) },
  };
}

async function answerOf(url, { path, ...request }) {
  const answer = await fetch(url + path.replace('{id}', 'none'), { ...request, headers });
  const text = await answer.text();
  if (!answer.ok || text.includes('"result":false')) throw new Error(`${path}: ${answer.status} ${text}`);
  return [
    `${request.method} ${path.split('?')[0]}`,
    { status: answer.status, headers: [...answer.headers].filter(([name]) => !own.has(name)).flat(), body: text },
  ];
}

async function compare(host, bare, request, { quick, client, folder }) {
  const [rounds, seconds] = quick ? [1, 0.2] : [7, 3];
  const ask = async (server, duration) => {
    const before = await server.facts();
    const { perSecond, requests } = await load(client, {
      ...request,
      headers,
      url: server.url + request.path,
      seconds: duration,
      folder,
    });
    return { perSecond, perCpuSecond: requests / cpuSeconds(before.cpu, (await server.facts()).cpu) };
  };
  for (const server of [bare, host]) await ask(server, seconds);
  const measured = [];
  for (let round = 0; round < rounds; round += 1)
    measured.push({ bare: await ask(bare, seconds), host: await ask(host, seconds) });
  const middle = (of) => median(measured.map(of));
  return {
    ratio: middle((it) => it.host.perSecond / it.bare.perSecond),
    ratioCpu: middle((it) => it.host.perCpuSecond / it.bare.perCpuSecond),
    rate: middle((it) => it.host.perSecond),
    bareRate: middle((it) => it.bare.perSecond),
  };
}
