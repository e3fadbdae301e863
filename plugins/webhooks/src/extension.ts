import type { HostAccess, HostExtension, OpenExtension } from '@latchkey/host/extend';
import { collectionsOf } from './collections';
import { deliveryJob } from './delivery/deliver';
import { createSender } from './delivery/send';
import { createWebhookGuard } from './hooks/guard';
import { isHeaderValue } from './hooks/headers';
import { createVault, type Vault } from './hooks/sealing';
import { migrationsOf } from './migrations';
import { createFilling } from './outbox/fill';
import { createOutbox } from './outbox/outbox';
import { retryRoute } from './retry-route';
import type { Settings } from './settings';
import { createWebhookType, deliveryType, type Sealings } from './types';

/** Makes the extension of one host: what it brings, and what it does once that host is open. */
export function createExtension(settings: Settings): HostExtension {
  let opened: { readonly host: HostAccess; readonly vault: Vault } | undefined;
  const host = (): HostAccess | undefined => opened?.host;
  const seal = (text: string, field: keyof Sealings) =>
    opened ? { value: opened.vault.seal(text, field) } : { fault: 'The host is not open yet.' };
  const webhookType = createWebhookType({
    secret: (text) => seal(text, 'secret'),
    authorization: (text) =>
      isHeaderValue(text) ? seal(text, 'authorization') : { fault: 'It must be plain ASCII, on one line.' },
  });

  return {
    name: 'webhooks',
    types: [webhookType, deliveryType],
    migrations: migrationsOf(webhookType),
    collections: collectionsOf(webhookType),
    guards: { [webhookType.name]: createWebhookGuard(settings, host) },
    onChange: createFilling(webhookType, host),
    open(access): OpenExtension {
      const vault = createVault(access.deriveKey('credentials'));
      opened = { host: access, vault };
      const outbox = createOutbox({ host: access, webhookType, settings });
      const send = createSender({ settings });
      return {
        routes: [retryRoute(access)],
        jobs: [deliveryJob({ outbox, send, open: vault.open, settings, version: access.version })],
        close: async () => {
          opened = undefined;
        },
      };
    },
  };
}
