import http from 'node:http';
import path from 'node:path';
import { performance } from 'node:perf_hooks';
import { startServer } from '../support/processes.mjs';
import { median } from '../support/rate.mjs';
import { hostSettings } from '../support/story.mjs';

const hostMain = path.resolve(import.meta.dirname, '../../../host/dist/main.js');

/** Starts the host as in production, on an empty folder and then again, until /readyz says so. */
export async function measure(settings) {
  const later = settings.quick ? 1 : 9;
  const firsts = [];
  for (let i = 0; i < (settings.quick ? 1 : 3); i += 1) firsts.push(await start(settings, `start-${i}`));
  const starts = [];
  for (let i = 0; i < later; i += 1) starts.push(await start(settings, 'start-0'));
  const middle = (name) => median(starts.map((each) => each[name]));
  return {
    ready: middle('seconds'),
    cpu: middle('cpu'),
    first: median(firsts.map(({ seconds }) => seconds)),
    plugins: Math.min(...starts.map(({ plugins }) => plugins)),
    sdk: Math.max(...starts.map(({ sdk }) => sdk)),
    memory: middle('memory'),
  };
}

async function start(settings, name) {
  const env = { ...process.env, ...hostSettings(path.join(settings.folder, name)) };
  const began = performance.now();
  const host = await startServer(hostMain, { ...settings, env });
  await ready(host.url);
  const seconds = (performance.now() - began) / 1000;
  const { cpu, rss, sdk } = await host.facts();
  await host.stop();
  const plugins = host.said().match(/\bloaded\b/g)?.length ?? 0;
  return { seconds, cpu: (cpu.user + cpu.system) / 1e6, memory: rss / 2 ** 20, sdk, plugins };
}

function ready(url) {
  return new Promise((resolve, reject) => {
    const answered = ({ statusCode }) => (statusCode === 200 ? resolve() : reject(new Error(`/readyz: ${statusCode}`)));
    http.get(`${url}/readyz`, { agent: false }, (response) => answered(response.resume())).once('error', reject);
  });
}
