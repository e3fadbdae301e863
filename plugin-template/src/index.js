// @ts-check
const { definePlugin, secretsProviders } = require('@latchkey/core');
const { myBackend } = require('./my-backend');

exports.myBackend = myBackend;
exports.default = definePlugin({
  register: (context) => context.contribute(secretsProviders, myBackend),
});
