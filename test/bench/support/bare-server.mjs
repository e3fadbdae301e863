import { createServer } from 'node:http';

/** What HTTP alone costs: node:http and nothing else, with the very bytes that the host answered. */
const answers = new Map(JSON.parse(process.env['BENCH_ANSWERS']));

const server = createServer((request, response) => {
  const { status, headers, body } = answers.get(`${request.method} ${request.url.split('?')[0]}`);
  response.writeHead(status, headers);
  response.end(body);
});
server.listen(0, '127.0.0.1', () =>
  process.stdout.write(`bare node:http listens on http://127.0.0.1:${server.address().port}\n`),
);
process.once('SIGTERM', () => {
  server.close();
  server.closeAllConnections();
});
