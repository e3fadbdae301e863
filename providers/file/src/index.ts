import { definePlugin, ProviderFailure, secretsProviders } from '@latchkey/core';
import { parseRoots } from './places';
import { textFile } from './text-file';

export { textFile, type TextFileOptions } from './text-file';

const largest = 1_048_576;

export default definePlugin({
  register({ config, boundary, contribute, logger }) {
    const maxBytes = config.max_bytes === undefined ? undefined : Number(config.max_bytes);
    const { roots, fault } = config.roots === undefined ? {} : parseRoots(String(config.roots));
    const message =
      fault ??
      (maxBytes !== undefined && !(maxBytes >= 1 && maxBytes <= largest)
        ? `max_bytes: not between 1 and ${largest}.`
        : undefined);
    if (message !== undefined) {
      logger.error(message);
      throw new ProviderFailure('misconfigured', message);
    }
    contribute(secretsProviders, textFile({ roots, boundary, ...(maxBytes !== undefined && { maxBytes }) }));
  },
});
