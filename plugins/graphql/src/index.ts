import { definePlugin } from '@latchkey/core';
import { hostExtensions } from '@latchkey/host/extend';
import { graphqlRoute } from './route';

/** Read-only GraphQL over every collection of the host, those of other plugins too. */
export default definePlugin({
  register({ contribute }) {
    contribute(hostExtensions, { name: 'graphql', open: (host) => ({ routes: [graphqlRoute(host)] }) });
  },
});
