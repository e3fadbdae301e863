import { randomUUID } from 'node:crypto';
import type { Change, ChangeListener, HostAccess, Transaction } from '@latchkey/host/extend';
import { deliveryType, type Webhook, type WebhookType } from '../types';
import { payloadOf } from './payload';

const actions = { create: 'type_create', update: 'type_update', delete: 'type_delete' } as const;

/**
 * Makes what puts each change into the outbox, in the transaction of the change: neither is ever there without the other.
 * Webhooks are read once a transaction, and again once it has changed one.
 */
export function createFilling(
  webhookType: WebhookType,
  host: () => Pick<HostAccess, 'collections'> | undefined,
  now: () => Date = () => new Date(),
): ChangeListener {
  const known = new WeakMap<Transaction, Promise<readonly Webhook[]>>();
  const hooksIn = (transaction: Transaction): Promise<readonly Webhook[]> => {
    let hooks = known.get(transaction);
    if (!hooks) known.set(transaction, (hooks = enabledHooks(webhookType, transaction)));
    return hooks;
  };

  return async (change, transaction) => {
    if (change.type === webhookType) known.delete(transaction);
    const collections = host()?.collections.filter(({ within }) => within === undefined) ?? [];
    const collection = collections.find(({ type }) => type === change.type);
    // Rows that REST does not show have no webhooks.
    if (!collection) return;
    const action = actionOf(change);
    const hooks = (await hooksIn(transaction)).filter(
      (hook) => hook[actions[action]] && hook.content_types.includes(change.type.name),
    );
    if (hooks.length === 0) return;
    const time = now().toISOString();
    const addressOf = (name: string) => collections.find(({ type }) => type.name === name)?.address;
    const payload = JSON.stringify(payloadOf(change, { timestamp: time, collection, addressOf }));
    const event = randomUUID();
    for (const { id: webhook } of hooks)
      await transaction.insert(deliveryType, {
        id: randomUUID(),
        webhook,
        event,
        action,
        changed_object_type: change.type.name,
        changed_object_id: String((change.after ?? change.before)?.id),
        payload,
        next_at: time,
        created: time,
      });
  };
}

function actionOf({ before, after }: Change): keyof typeof actions {
  return !before ? 'create' : after ? 'update' : 'delete';
}

/** At most a thousand webhooks are told of one change. */
async function enabledHooks(webhookType: WebhookType, transaction: Transaction): Promise<readonly Webhook[]> {
  const filters = [{ field: 'enabled', values: [true] }];
  return (await transaction.list(webhookType, { scope: { kind: 'all' }, filters, limit: 1000, offset: 0 })).rows;
}
