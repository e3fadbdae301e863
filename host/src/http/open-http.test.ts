import { get } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { memoryServices } from '../../../test/support/http-host';
import { localConfig } from '../../../test/support/local-host';
import { removeTemporaryFolders } from '../../../test/support/temporary-folder';
import { openHttp, type HttpParts } from './open-http';

afterAll(removeTemporaryFolders);

/** Servers whose `/readyz` takes until `end` is called. */
async function opened() {
  let end = (): void => undefined;
  let begun = (): void => undefined;
  const asked = new Promise<void>((resolve) => (begun = resolve));
  const slow = () => {
    begun();
    return new Promise<void>((resolve) => (end = resolve));
  };
  const principals = { user: () => () => Promise.reject(new Error('nobody')) };
  const parts = { ...memoryServices(), principals, collections: [], report: () => ({ lines: [] }), checks: { slow } };
  const http = openHttp(localConfig(), parts as unknown as HttpParts);
  return { http, url: await http.listen(), asked, end: () => end() };
}

test('a stop waits for the handler of a client that went away', async () => {
  const { http, url, asked, end } = await opened();
  const request = get(`${url}/readyz`, { agent: false }).on('error', () => undefined);
  await asked;
  // Not `once`, which the error of a request that is cut would reject.
  const gone = new Promise((resolve) => request.on('close', resolve));
  request.destroy();
  await gone;

  const order: string[] = [];
  const closing = http.close().then(() => order.push('closed'));
  // Long enough for the connection's end to arrive; a stop that does not wait is over by then.
  await pause(100);
  order.push('handler ended');
  end();
  await closing;
  expect(order).toEqual(['handler ended', 'closed']);
});

test('a stop waits for nothing when nothing is under way', async () => {
  const { http, url, asked, end } = await opened();
  const answer = fetch(`${url}/readyz`);
  await asked;
  end();
  expect((await answer).status).toBe(200);
  await http.close();
  await expect(fetch(`${url}/readyz`)).rejects.toThrow('fetch failed');
});
