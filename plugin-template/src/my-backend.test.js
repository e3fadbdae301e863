// @ts-check
const { mkdtempSync, rmSync, writeFileSync } = require('node:fs');
const { tmpdir } = require('node:os');
const { join } = require('node:path');
const { after } = require('node:test');
const { describeProvider } = require('@latchkey/core/testing');
const { myBackend } = require('./my-backend');

const folder = mkdtempSync(join(tmpdir(), 'my-backend-'));
const file = join(folder, 'values.json');
after(() => rmSync(folder, { recursive: true }));

describeProvider(myBackend, {
  arrange: () => writeFileSync(file, JSON.stringify({ present: 'correct horse battery' })),
  store: { file },
  present: { parameters: { key: 'present' }, value: 'correct horse battery' },
  absent: { parameters: { key: 'absent' } },
  failing: { parameters: { key: 'present' }, store: { file: join(folder, 'missing.json') } },
});
