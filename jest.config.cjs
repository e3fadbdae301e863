// Source is resolved through the private export condition, so tests need no build and no module mapper.
module.exports = {
  testEnvironment: 'node',
  roots: ['scripts', 'core', 'providers', 'plugins', 'host', 'plugin-template', 'test'].map(
    (folder) => `<rootDir>/${folder}`,
  ),
  testMatch: ['**/*.test.ts'],
  modulePathIgnorePatterns: ['<rootDir>/.*/dist/'],
  testEnvironmentOptions: { customExportConditions: ['@latchkey/source', 'require', 'node', 'default'] },
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        sourceMaps: 'inline',
        module: { type: 'commonjs' },
        jsc: {
          target: 'es2022',
          keepClassNames: true,
          parser: { syntax: 'typescript', decorators: true },
          transform: { legacyDecorator: true, decoratorMetadata: true, useDefineForClassFields: false },
        },
      },
    ],
  },
  setupFiles: ['reflect-metadata'],
  coverageProvider: 'v8',
  collectCoverageFrom: ['**/src/**/*.ts', '!**/*.test.ts'],
  watchman: false,
  maxWorkers: 2,
};
