import http from 'node:http';
import { performance } from 'node:perf_hooks';

/** A client for where wrk is not: 32 kept connections in a process of its own; prints what it counted. */
const { url, seconds, method, headers, body, connections } = JSON.parse(process.argv[2]);
const agent = new http.Agent({ keepAlive: true, maxSockets: connections });
const options = {
  method,
  agent,
  headers: { ...headers, ...(body !== undefined && { 'Content-Length': Buffer.byteLength(body) }) },
};

const send = () =>
  new Promise((resolve, reject) => {
    const request = http.request(url, options, (response) => {
      response.resume();
      response.once('end', () => {
        if (response.statusCode < 300) resolve();
        else reject(new Error(`${url}: ${response.statusCode}`));
      });
    });
    request.once('error', reject).end(body);
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
