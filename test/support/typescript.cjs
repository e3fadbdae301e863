// Lets a child process of a test run the sources: node --conditions=@latchkey/source -r test/support/typescript.cjs FILE.ts
const { readFileSync } = require('node:fs');
const { transformSync } = require('@swc/core');
const [, options] = require('../../jest.config.cjs').transform['^.+\\.ts$'];

require('reflect-metadata');
require.extensions['.ts'] = (module, filename) => {
  module._compile(transformSync(readFileSync(filename, 'utf8'), { ...options, filename }).code, filename);
};
