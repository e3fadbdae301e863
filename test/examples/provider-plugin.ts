// A plugin as its author writes it: what stands between the marks is quoted by the README.
// example
import { definePlugin, defineProvider, parameter, secretsProviders } from '@latchkey/core';
import { lookUp } from './my-backend';

export const myBackend = defineProvider({
  slug: 'my-backend',
  name: 'My Backend',
  parameters: { key: parameter.text('Key of the entry', { example: 'routers/csr1' }) },
  notFound: 'There is no entry "{key}"!',
  fetch: ({ parameters, signal }) => lookUp(parameters.key, { signal }), // undefined: not there
});

export default definePlugin({
  register: ({ contribute }) => contribute(secretsProviders, myBackend),
});
// end
