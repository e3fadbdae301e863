import { randomUUID } from 'node:crypto';
import type { Filter, HostAccess, Rows, Transaction } from '@latchkey/host/extend';
import type { Outcome } from '../delivery/outcome';
import type { Settings } from '../settings';
import { deliveryType, type Delivery, type Webhook, type WebhookType } from '../types';
import { waitAfter } from './backoff';

/** A delivery that this host alone sends for now. */
export interface Claimed {
  readonly delivery: Delivery;
  readonly hook: Webhook;
}

/** What waits to be sent, and the one way to take from it. */
export interface Outbox {
  /** Webhooks with something to send, the longest waiting first; not those that are named. */
  due(most: number, without: readonly string[]): Promise<readonly string[]>;
  /** Writes down what became of the one before, and takes the next of the webhook, if there is one and nobody else has it. */
  next(
    webhook: string,
    before?: { readonly claimed: Claimed; readonly outcome: Outcome },
  ): Promise<Claimed | undefined>;
}

/** What an outbox is made of. */
export interface OutboxOptions {
  readonly host: Pick<HostAccess, 'rows' | 'writes' | 'principals' | 'logger'>;
  readonly webhookType: WebhookType;
  readonly settings: Pick<Settings, 'timeout' | 'attempts' | 'retryAfter'>;
  readonly now?: () => number;
}

const where = (field: string, values: Filter['values'], more: Partial<Filter> = {}): Filter => ({
  field,
  values,
  ...more,
});

const first = async (rows: Rows, filters: readonly Filter[], order: string): Promise<Delivery | undefined> =>
  (await rows.list(deliveryType, { scope: { kind: 'all' }, filters, order: [order], limit: 1, offset: 0 })).rows[0];

// More than a try may take, so that no other host takes up what is under way.
const spare = 5_000;

/** Opens the outbox of a host; a claim that ends by itself is what lets another host go on after this one was killed. */
export function createOutbox({ host, webhookType, settings, now = Date.now }: OutboxOptions): Outbox {
  const at = (time: number): string => new Date(time).toISOString();
  const isDue = (): Filter[] => [where('state', ['pending']), where('next_at', [at(now())], { lookup: 'lte' })];
  const isClaimed = () => where('claimed_until', [at(now())], { lookup: 'gt' });
  const free = { claim: null, claimed_until: null } as const;

  const settle = async (transaction: Transaction, { delivery, hook }: Claimed, outcome: Outcome): Promise<void> => {
    const { id, claim } = delivery;
    const row = await transaction.get(deliveryType, { id });
    // Gone with its webhook, or another host's since the claim ended.
    if (!row || row.claim !== claim) return;
    if (outcome.kind === 'arrived') return transaction.remove(deliveryType, id);
    if (outcome.kind === 'stopped') return void (await transaction.update(deliveryType, id, free));
    const attempts = row.attempts + 1;
    const isDead = attempts >= settings.attempts;
    await transaction.update(deliveryType, id, {
      ...free,
      attempts,
      state: isDead ? 'dead' : 'pending',
      next_at: at(now() + waitAfter(attempts, settings.retryAfter)),
      last_status: outcome.status ?? null,
      last_failure: outcome.failure,
    });
    const { failure, status } = outcome;
    if (isDead)
      host.logger.warn('A webhook delivery is a dead letter', { delivery: id, hook: hook.id, failure, status });
  };

  const take = async (transaction: Transaction, webhook: string): Promise<Claimed | undefined> => {
    const hook = await transaction.get(webhookType, { id: webhook });
    if (!hook?.enabled) return undefined;
    const ofHook = where('webhook', [webhook]);
    if (await first(transaction, [ofHook, isClaimed()], 'number')) return undefined;
    const next = await first(transaction, [ofHook, ...isDue()], 'number');
    if (!next) return undefined;
    const claim = { claim: randomUUID(), claimed_until: at(now() + settings.timeout + spare) };
    return { hook, delivery: await transaction.update(deliveryType, next.id, claim) };
  };

  return {
    async due(most, without) {
      const found: string[] = [];
      while (found.length < most) {
        const seen = [...without, ...found];
        const others = seen.length > 0 ? [where('webhook', seen, { negated: true })] : [];
        const row = await first(host.rows, [...isDue(), ...others], 'next_at');
        if (!row) break;
        found.push(row.webhook);
      }
      return found;
    },
    async next(webhook, before) {
      const principal = await host.principals.system();
      // Nobody is told of deliveries: their rows are this plugin's own.
      return host.writes.together({ principal }, async ({ transaction }) => {
        if (before) await settle(transaction, before.claimed, before.outcome);
        return before && before.outcome.kind !== 'arrived' ? undefined : take(transaction, webhook);
      });
    },
  };
}
