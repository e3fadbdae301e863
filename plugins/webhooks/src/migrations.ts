import type { PluginMigration } from '@latchkey/host/extend';
import { deliveryType, type WebhookType } from './types';

/** The steps of the tables. */
export function migrationsOf(webhookType: WebhookType): readonly PluginMigration[] {
  return [{ name: 'Webhooks', timestamp: 1796000000002, creates: [webhookType, deliveryType] }];
}
