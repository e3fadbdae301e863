import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeProvider } from '@latchkey/core/testing';
import { textFile } from './index';

const folder = realpathSync(mkdtempSync(join(tmpdir(), 'latchkey-text-file-kit-')));
const path = join(folder, 'password.txt');
const large = join(folder, 'large.txt');

describe.each([
  ['as text', {}, 'correct horse'],
  ['raw', { raw: true }, Buffer.from(' correct horse\n')],
])('%s', (_form, options, value) => {
  describeProvider(textFile({ roots: [folder], maxBytes: 100 }), {
    arrange: () => {
      writeFileSync(path, ' correct horse\n');
      writeFileSync(large, 'x'.repeat(101));
    },
    present: { parameters: { path, ...options }, value },
    absent: { parameters: { path: join(folder, 'absent.txt'), ...options } },
    failing: { parameters: { path: large, ...options } },
  });
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));
