import { execFile, spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const connections = 32;

/** The client for a run: wrk where it is installed, since it takes least from the servers. */
export function loadedClient(quick) {
  return !quick && spawnSync('wrk', ['--version']).error === undefined ? 'wrk' : 'node';
}

const clients = {
  async wrk({ url, seconds, method, headers, body, folder }) {
    const script = join(folder, 'request.lua');
    const quoted = (text) => JSON.stringify(text);
    const lines = Object.entries(headers).map(([name, value]) => `wrk.headers[${quoted(name)}] = ${quoted(value)}`);
    if (body !== undefined) lines.push(`wrk.body = ${quoted(body)}`);
    writeFileSync(script, [`wrk.method = ${quoted(method)}`, ...lines, ...filling(url, body)].join('\n'));
    const duration = String(Math.max(1, Math.round(seconds)));
    const { stdout } = await run('wrk', [
      '-t1',
      '--timeout=30s',
      `-c${connections}`,
      `-d${duration}s`,
      '-s',
      script,
      url.replace('{id}', 'none'),
    ]);
    const failure = /(Non-2xx.*|Socket errors.*)/.exec(stdout)?.[1];
    if (failure) throw new Error(`${url}: ${failure}`);
    return {
      perSecond: Number(/Requests\/sec:\s*([\d.]+)/.exec(stdout)[1]),
      requests: Number(/(\d+) requests in/.exec(stdout)[1]),
    };
  },
  async node(request) {
    const file = join(import.meta.dirname, 'client.mjs');
    const { stdout } = await run(process.execPath, [
      file,
      JSON.stringify({ ...request, connections, run: randomUUID() }),
    ]);
    return JSON.parse(stdout);
  },
};

/** What makes each request of wrk another one, where `{id}` stands in it. */
function filling(url, body = '') {
  if (!(url + body).includes('{id}')) return [];
  const { pathname, search } = new URL(url);
  return [
    'local number = 0',
    `local path = ${JSON.stringify(decodeURI(pathname + search))}`,
    'request = function()',
    '  number = number + 1',
    `  local id = ${JSON.stringify(randomUUID())} .. "-" .. number`,
    '  return wrk.format(nil, (path:gsub("{id}", id)), nil, wrk.body and (wrk.body:gsub("{id}", id)))',
    'end',
  ];
}

/** Sends one request over and over from 32 connections, `{id}` in it another each time; gives how many were answered a second. */
export const load = (client, request) => clients[client](request);
