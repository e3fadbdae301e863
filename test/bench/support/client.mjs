import http from 'node:http';
import { performance } from 'node:perf_hooks';

/** A client for where wrk is not: 32 kept connections in a process of its own; prints what it counted. */
const { url, seconds, method, headers, body, connections, run } = JSON.parse(process.argv[2]);
const agent = new http.Agent({ keepAlive: true, maxSockets: connections });
let number = 0;
const filled = (text) => text?.replace('{id}', () => `${run}-${number}`);

const send = () =>
  new Promise((resolve, reject) => {
    number += 1;
    const text = filled(body);
    const length = text !== undefined && { 'Content-Length': Buffer.byteLength(text) };
    const request = http.request(filled(url), { method, agent, headers: { ...headers, ...length } }, (response) => {
      response.resume();
      response.once('end', () => {
        if (response.statusCode < 300) resolve();
        else reject(new Error(`${url}: ${response.statusCode}`));
      });
    });
    request.once('error', reject).end(text);
  });

let requests = 0;
const began = performance.now();
const end = began + seconds * 1000;
async function connection() {
  while (performance.now() < end) {
    await send();
    requests += 1;
  }
}
await Promise.all(Array.from({ length: connections }, connection));
const took = (performance.now() - began) / 1000;
agent.destroy();
process.stdout.write(JSON.stringify({ requests, perSecond: requests / took }));
