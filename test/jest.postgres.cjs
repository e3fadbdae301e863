// The tests of hosts once more, on PostgreSQL: what keeps or shows rows, over REST, the command and real clients. What looks
// into the files of the embedded database is left out of them, and what starts a PostgreSQL by itself runs in the other run.
const areas = [
  'host/src/http/*.test.ts',
  'host/src/http/permission-test/*.test.ts',
  'test/e2e/{spine,access,access-command,annotations,changes,users,extend,custom-fields,same-ids}.test.ts',
  'test/e2e/{custom-field-command,graphql,group-slots,import-netbox,operations,starts,webhooks}.test.ts',
  'test/security/{names-out-of-reach,permission-bypasses,visibility-matrix,graphql-visibility}.test.ts',
  'test/security/encrypted-store-{rights,import}.test.ts',
  'test/interop/{pynautobot,pynetbox,netbox-docs-page}.test.ts',
  'test/faults/{moving-definitions,rotation}.test.ts',
];

module.exports = {
  ...require('../jest.config.cjs'),
  rootDir: '..',
  testMatch: areas.map((area) => `<rootDir>/${area}`),
  globalSetup: '<rootDir>/test/support/postgres-run.ts',
  globalTeardown: '<rootDir>/test/support/postgres-run-end.ts',
};
