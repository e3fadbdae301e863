import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { chromium, type Browser } from 'playwright-core';

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

/**
 * The Chromium that is installed. Undefined, with the reason printed, where there is none; under CI it throws instead. It
 * works synchronously, because jest decides what to skip while it collects.
 */
export function chromiumFile(): string | undefined {
  const folders = (process.env.PATH ?? '').split(delimiter);
  const found = folders.flatMap((folder) => names.map((name) => join(folder, name))).find((file) => existsSync(file));
  if (found !== undefined) return found;
  if (process.env.CI) throw new Error('A real browser is required under CI: Chromium is not installed');
  process.stderr.write('Tests in a real browser are skipped: Chromium is not installed\n');
  return undefined;
}

/** Starts a browser that asks nothing of its own maker. */
export function startBrowser(executablePath: string): Promise<Browser> {
  const args = [
    '--no-sandbox',
    '--disable-gpu',
    '--disable-dev-shm-usage',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
    '--no-first-run',
  ];
  return chromium.launch({ executablePath, args });
}
