// The tests of hosts once more, on PostgreSQL. Those that look into the files of the embedded database are left out.
const areas = [
  'host/src/http/*.test.ts',
  'host/src/http/permission-test/*.test.ts',
  'test/e2e/{spine,access,access-command,annotations,changes,users,extend,custom-fields,same-ids}.test.ts',
  'test/security/{names-out-of-reach,permission-bypasses,visibility-matrix}.test.ts',
  'test/faults/moving-definitions.test.ts',
];

module.exports = {
  ...require('../jest.config.cjs'),
  rootDir: '..',
  testMatch: areas.map((area) => `<rootDir>/${area}`),
  globalSetup: '<rootDir>/test/support/postgres-run.ts',
  globalTeardown: '<rootDir>/test/support/postgres-run-end.ts',
};
