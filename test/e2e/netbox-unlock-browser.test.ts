import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page, Request } from 'playwright-core';
import { readPage } from '../docs/page';
import { chromiumFile, startBrowser } from '../support/browser';
import { startHost, type HostProcess } from '../support/host-process';
import { restClient } from '../support/rest-client';
import { removeTemporaryFolders, temporaryFolder } from '../support/temporary-folder';

jest.setTimeout(120_000);

const chromium = chromiumFile();
const value = 'value that the browser opened';
const janeToken = 'jane-token-0123456789-of-the-tests';

/** The code of the reference page, as it stands there. */
function documented(): string {
  const [, code] = /```js\n(const bytesOf[^]+?)```/.exec(readPage('docs/reference/netbox-secrets.md')) ?? [];
  if (code === undefined) throw new Error('The page has no code for browsers');
  return code;
}

const html = `<!doctype html>
<title>Unlock</title>
<form>
  <label>Private key <input type="file" id="key"></label>
  <label>Token <input type="password" id="token"></label>
  <button>Unlock</button>
</form>
<p id="said"></p>
<script>
${documented()}
const element = (id) => document.getElementById(id);
document.querySelector('form').addEventListener('submit', async (event) => {
  event.preventDefault();
  try {
    const token = element('token').value;
    const sessionKey = await unlock(await element('key').files[0].text(), token);
    const headers = { Authorization: 'Token ' + token, 'X-Session-Key': sessionKey };
    const answer = await fetch('/api/secrets/secrets/?name=browser', { headers });
    const { results } = await answer.json();
    element('said').textContent = 'opened: ' + results[0].plaintext;
  } catch (error) {
    element('said').textContent = 'failed: ' + (error.message || error.name);
  }
});
</script>`;

(chromium === undefined ? describe.skip : describe)('a page that unlocks, in a real browser', () => {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const other = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
  let host: HostProcess;
  let browser: Browser;
  let page: Page;
  let folder: string;
  const sent: Request[] = [];

  const keyFile = (name: string, key: typeof privateKey): string => {
    const file = join(folder, name);
    writeFileSync(file, key.export({ type: 'pkcs8', format: 'pem' }));
    return file;
  };
  const everySent = async (): Promise<string> => {
    const parts = sent.map(async (request) => [
      request.url(),
      JSON.stringify(await request.allHeaders()),
      request.postData() ?? '',
    ]);
    return (await Promise.all(parts)).flat().join('\n');
  };

  beforeAll(async () => {
    folder = temporaryFolder();
    // The private key could not be sent if a client wanted to.
    host = await startHost({ config: { plugins: { config: { 'netbox-secrets': { legacy_unlock: 'off' } } } } });
    const { rest } = host;
    const publicKey = createPublicKey(privateKey).export({ type: 'spki', format: 'pem' });
    await rest('POST', '/api/plugins/secrets/user-keys/', { body: { public_key: publicKey } });
    browser = await startBrowser(String(chromium));
  });
  afterAll(async () => {
    await browser?.close();
    await host?.stop();
    removeTemporaryFolders();
  });
  beforeEach(async () => {
    page = await browser.newPage();
    await page.route(`${host.url}/unlock-page`, (route) => route.fulfill({ contentType: 'text/html', body: html }));
    await page.goto(`${host.url}/unlock-page`);
    sent.length = 0;
    page.on('request', (request) => sent.push(request));
  });
  afterEach(() => page.close());

  async function unlock(file: string, token: string): Promise<string> {
    await page.locator('#key').setInputFiles(file);
    await page.locator('#token').fill(token);
    await page.locator('button').click();
    await page.locator('#said:not(:empty)').waitFor();
    return (await page.locator('#said').textContent()) ?? '';
  }

  async function fill(): Promise<void> {
    const { rest } = host;
    const session = await page.evaluate(`${documented()}
      unlock(${JSON.stringify(privateKey.export({ type: 'pkcs8', format: 'pem' }))}, ${JSON.stringify(host.token)})`);
    const headers = { 'X-Session-Key': String(session) };
    const role = await rest('POST', '/api/secrets/secret-roles/', { body: { name: 'Login', slug: 'login' } });
    const body = { name: 'browser', role: role.body.id, objects: [], plaintext: value };
    const made = await rest('POST', '/api/secrets/secrets/', { body, headers });
    if (made.status !== 201) throw new Error(made.text);
  }

  test('gets a session key that reads a secret, and sends nothing of the private key', async () => {
    await fill();
    sent.length = 0;
    expect(await unlock(keyFile('admin.pem', privateKey), host.token)).toBe(`opened: ${value}`);
    const asked = sent.map((one) => `${one.method()} ${one.url().slice(host.url.length)}`);
    expect(asked).toEqual([
      'GET /api/secrets/unlock/',
      'POST /api/secrets/unlock/',
      'GET /api/secrets/secrets/?name=browser',
    ]);
    const text = await everySent();
    const { d = '', p = '', q = '' } = privateKey.export({ format: 'jwk' });
    // Not in the form of the file, nor a number of the key in any text form.
    const lines = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString().split('\n').slice(1, -2);
    const numbers = [d, p, q].flatMap((number) => {
      const bytes = Buffer.from(number, 'base64url');
      return [number.slice(8, 60), bytes.toString('base64').slice(8, 60), bytes.toString('hex').slice(8, 60)];
    });
    for (const part of ['PRIVATE KEY', ...lines, ...numbers]) expect(text).not.toContain(part);
    // The search finds what is there: what was inside the wrap.
    expect(text).toMatch(/"masters":\[\{"key":"[\w+/]{43}="\}\]/);
  });

  test('a private key of somebody else opens nothing, and nothing of it is sent', async () => {
    expect(await unlock(keyFile('other.pem', other), host.token)).toBe('failed: OperationError');
    expect(sent.map((one) => one.method())).toEqual(['GET']);
  });

  test('a user without a key is told so, in the words of the reference page', async () => {
    const { body } = await host.rest('POST', '/api/users/users/', { body: { username: 'jane' } });
    await host.rest('POST', '/api/users/tokens/', { body: { user: { id: body.id }, key: janeToken } });
    expect(await unlock(keyFile('other.pem', other), janeToken)).toBe('failed: No UserKey found for the current user.');
  });

  test('a challenge is good for its user alone, and a proof must hold master keys of the house', async () => {
    const { body } = await host.rest('GET', '/api/secrets/unlock/');
    const wrong = [{ key: Buffer.alloc(32, 7).toString('base64') }];
    const unlocked = (given: unknown, rest = host.rest) => rest('POST', '/api/secrets/unlock/', { body: given });
    const refusals = await Promise.all([
      unlocked({ challenge: body.challenge, masters: wrong }),
      unlocked({ challenge: `x${body.challenge}`, masters: wrong }),
      unlocked({ challenge: body.challenge }),
      unlocked({ masters: wrong }),
    ]);
    expect(refusals.map(({ status }) => status)).toEqual([400, 400, 400, 400]);
    const texts = refusals.map(({ text }) => text);
    const page400 = readPage('docs/reference/netbox-secrets.md');
    expect(page400).toContain(`\`${texts[0]}\``);
    expect(page400).toContain(`"${refusals[1]?.body.detail}"`);
    expect(texts[2]).toMatch(/^\{"masters":\[/);
    expect(texts[3]).toMatch(/^\{"challenge":\[/);
    const asJane = restClient(host.url, janeToken);
    expect((await unlocked({ challenge: body.challenge, masters: wrong }, asJane)).status).toBe(400);
  });
});
