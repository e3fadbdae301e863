#!/usr/bin/env -S node --disallow-code-generation-from-strings
const { existsSync } = require('node:fs');
const { join } = require('node:path');

// Committed as it is, so that npm links the command before the first build.
const built = join(__dirname, '../dist/cli/main.js');
if (existsSync(built)) {
  const { main } = require(built);
  main(process.argv.slice(2)).then((code) => (process.exitCode = code));
} else {
  process.stderr.write('latchkey: the command is not built yet.\n  Run npm run build first.\n');
  process.exitCode = 7;
}
