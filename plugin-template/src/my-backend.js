// @ts-check
const { readFile } = require('node:fs/promises');
const { defineProvider, parameter, ProviderFailure } = require('@latchkey/core');

/** Values that live in one JSON file: `{ "name": "value" }`. The operator says which file; a secret says which name. */
const myBackend = defineProvider({
  slug: 'my-backend',
  name: 'My Backend',
  parameters: { key: parameter.text('Name of the value in the file', { example: 'router-1', slot: 'json-key' }) },
  store: { file: parameter.text('Absolute path of the JSON file', { example: '/srv/values.json', slot: 'path' }) },
  notFound: 'The file has no value {key}.',
  open: ({ file }) => ({ file }),
  async fetch({ parameters: { key }, store: { file }, signal }) {
    const values = await readFile(file, { encoding: 'utf8', signal }).then(JSON.parse).catch(failure);
    return Object.hasOwn(values, key) ? String(values[key]) : undefined;
  },
});

/** Says what went wrong in Latchkey's words; the text of a foreign error may quote what must not be shown. */
function failure(/** @type {unknown} */ error) {
  throw error instanceof SyntaxError
    ? new ProviderFailure('malformed', 'The file of values is not JSON.')
    : new ProviderFailure('unavailable', 'The file of values cannot be read.');
}

module.exports = { myBackend };
