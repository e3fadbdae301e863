import type { Browser, Page } from 'playwright-core';
import { chromiumFile, startBrowser } from '../support/browser';
import { adminToken } from '../support/host-process';
import { openLocalHost } from '../support/local-host';
import { restClient } from '../support/rest-client';
import { create } from '../support/spine';
import { removeTemporaryFolders } from '../support/temporary-folder';

jest.setTimeout(120_000);

const chromium = chromiumFile();

// Texts, since the tests are compiled without the types of a browser.
const hear = `document.addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) =>
  console.error('refused by ' + violatedDirective + ': ' + blockedURI));`;
const writeScript = `{
  const script = document.createElement('script');
  script.textContent = 'document.title = "taken over"';
  document.body.append(script);
}`;

(chromium === undefined ? describe.skip : describe)('the pages that show the API, in a real browser', () => {
  let url: string;
  let close: () => Promise<void>;
  let browser: Browser;
  let page: Page;
  const asked: string[] = [];
  const complaints: string[] = [];

  beforeAll(async () => {
    const host = await openLocalHost();
    close = () => host.close();
    url = await host.listen();
    const rest = restClient(url, adminToken);
    const secret = { name: 'Shown in the browser', provider: 'environment-variable', parameters: { variable: 'A' } };
    await create(rest, 'extras/secrets', secret);
    browser = await startBrowser(String(chromium));
  });
  afterAll(async () => {
    await browser?.close();
    await close?.();
    removeTemporaryFolders();
  });

  beforeEach(async () => {
    page = await browser.newPage();
    asked.length = complaints.length = 0;
    page.on('request', (request) => asked.push(request.url()));
    page.on('console', (message) => {
      if (message.type() === 'error') complaints.push(message.text());
    });
    page.on('pageerror', (error) => complaints.push(error.message));
    await page.addInitScript({ content: hear });
    await page.goto(`${url}/api/docs/`);
  });
  afterEach(() => page.close());

  async function authorize(token: string): Promise<void> {
    await page.locator('.auth-wrapper .authorize').first().click();
    await page.locator('.modal-ux input').fill(token);
    await page.locator('.modal-ux button.authorize').click();
    await page.locator('.modal-ux button.btn-done').click();
  }
  const elsewhere = () => asked.filter((address) => !address.startsWith(`${url}/`) && !address.startsWith('data:'));

  test('a token that is entered shows the API, and lists secrets', async () => {
    await page.getByText('enter a token to see the API').waitFor();
    await authorize(adminToken);
    await page.getByText('A secrets broker').waitFor();
    await page.locator('#operations-tag-Secrets').click();
    const operation = page.locator('#operations-Secrets-extras_secrets_list');
    await operation.locator('.opblock-summary-control').click();
    await operation.locator('button.execute').click();
    await operation.getByText('"name": "Shown in the browser"').first().waitFor();

    expect(complaints).toEqual([]);
    expect(elsewhere()).toEqual([]);
    expect(asked.filter((address) => address.includes(adminToken))).toEqual([]);
  });

  test('a token that is wrong shows nothing of it', async () => {
    await authorize('wrong-token-of-the-tests');
    await page.getByText('The token was refused (403)').waitFor();
    expect(await page.locator('.opblock').count()).toBe(0);
    expect(elsewhere()).toEqual([]);
  });

  test('a script that is written into the page does not run', async () => {
    await page.evaluate(writeScript);
    expect(await page.title()).toBe('Latchkey: the API');
    expect(complaints.join()).toContain('refused by script-src');
  });
});
