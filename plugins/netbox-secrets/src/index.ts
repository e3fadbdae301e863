import { definePlugin, secretsProviders } from '@latchkey/core';
import { hostExtensions } from '@latchkey/host/extend';
import { createExtension } from './extension';
import { createEncryptedStore } from './provider';
import { readSettings } from './settings';

/** The encrypted store: secrets kept in Latchkey itself, NetBox's API for them, and a provider that reads them. */
export default definePlugin({
  register(context) {
    const { extension, store } = createExtension(readSettings(context.config));
    context.contribute(hostExtensions, extension);
    context.contribute(
      secretsProviders,
      createEncryptedStore(() => store()?.values),
    );
  },
});
