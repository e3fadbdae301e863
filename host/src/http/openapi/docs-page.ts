/** The page on which people browse the API. */
export const docsPage = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <title>Latchkey: the API</title>
    <link rel="icon" href="data:,">
    <link rel="stylesheet" href="swagger-ui.css">
  </head>
  <body>
    <div id="swagger-ui"></div>
    <script src="swagger-ui-bundle.js"></script>
    <script src="latchkey.js"></script>
  </body>
</html>
`;

/**
 * The script of that page, in the place of Swagger UI's own, which names an address elsewhere. It shows the Authorize
 * dialog first, and fetches the document with the token that is entered there; the token stays in the page's memory.
 */
export const docsScript = `'use strict';
(() => {
  const address = new URL('../openapi.json', location.href).href;
  const server = new URL('../..', location.href).href.replace(/\\/$/, '');

  const before = (text) => ({
    openapi: '3.1.0',
    info: { title: 'Latchkey', version: '', description: text },
    paths: {},
    components: { securitySchemes: { token: { type: 'http', scheme: 'bearer', description: 'A token of a user.' } } },
  });

  const load = async (token) => {
    try {
      const headers = { Accept: 'application/json', Authorization: 'Bearer ' + token };
      const answer = await fetch(address, { headers, cache: 'no-store' });
      if (answer.status === 200) return { ...(await answer.json()), servers: [{ url: server }] };
      return before('The token was refused (' + answer.status + '). Press *Authorize*, log out, and enter another.');
    } catch {
      return before('The host does not answer.');
    }
  };

  const onAuthorize = () => ({
    statePlugins: {
      auth: {
        wrapActions: {
          authorize: (original, { specActions }) => (payload) => {
            const token = payload.token && payload.token.value;
            if (typeof token === 'string' && token !== '')
              void load(token).then((spec) => specActions.updateSpec(JSON.stringify(spec)));
            return original(payload);
          },
        },
      },
    },
  });

  window.ui = SwaggerUIBundle({
    dom_id: '#swagger-ui',
    spec: before('Press *Authorize* and enter a token to see the API.'),
    plugins: [onAuthorize],
    validatorUrl: null,
    persistAuthorization: false,
    tryItOutEnabled: true,
    filter: true,
    docExpansion: 'none',
    defaultModelsExpandDepth: 0,
  });
})();
`;
