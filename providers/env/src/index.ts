import { definePlugin, secretsProviders } from '@latchkey/core';
import { environmentVariable } from './environment-variable';
import { namePatterns } from './name-patterns';

export { environmentVariable, type EnvironmentVariableOptions } from './environment-variable';

export default definePlugin({
  register({ config, boundary, contribute, logger }) {
    const names = config.names === undefined ? undefined : namePatterns(String(config.names), logger);
    contribute(secretsProviders, environmentVariable({ names, boundary }));
  },
});
