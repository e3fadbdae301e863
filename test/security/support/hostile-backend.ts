import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A backend that speaks as Vault and as AWS do, and quotes its value wherever it goes wrong. */
export async function startHostileBackend(value: string) {
  const json = JSON.stringify;
  const wrong: Readonly<Record<string, readonly [number, string]>> = {
    denied: [403, json({ errors: [`no, ${value}`], __type: 'AccessDeniedException', Message: value, message: value })],
    broken: [500, json({ errors: [value], __type: value, message: value })],
    malformed: [200, `{"data": ${json(value)}, "SecretString": ${json(value)} oops`],
    unlike: [200, json({ [value]: value, SecretString: { a: value }, data: [value] })],
    moved: [307, value],
  };
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.once('end', () => {
      const asked = `${request.url} ${body}`;
      const way = Object.keys(wrong).find((name) => asked.includes(name));
      const good = json({
        data: { data: { password: value, port: 1 } },
        SecretString: json({ password: value }),
      });
      const [status, text] = way === undefined ? ([200, good] as const) : (wrong[way] as readonly [number, string]);
      response.writeHead(status, {
        'Content-Type': 'application/json',
        'X-Amzn-RequestId': Buffer.from(value).toString('base64'),
        ...(status === 307 && { Location: `/other/?${encodeURIComponent(value)}` }),
      });
      response.end(text);
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
