import { setTimeout as pause } from 'node:timers/promises';
import type { Job } from '@latchkey/host/extend';
import { readHeaders } from '../hooks/headers';
import type { Claimed, Outbox } from '../outbox/outbox';
import { waitAfter } from '../outbox/backoff';
import type { Settings } from '../settings';
import type { Outcome } from './outcome';
import type { Send } from './send';
import { deliveryHeaders } from './sign';

/** What deliveries are made of. */
export interface DeliverOptions {
  readonly outbox: Outbox;
  readonly send: Send;
  /** A sealed credential of a webhook; undefined where it cannot be opened. */
  readonly open: (sealed: string, field: 'secret' | 'authorization') => string | undefined;
  readonly settings: Pick<Settings, 'concurrency' | 'retryAfter'>;
  readonly version: string;
  readonly every?: number;
  readonly now?: () => number;
}

/** The work that empties the outbox: webhooks side by side, the deliveries of each one after the other. */
export function deliveryJob(options: DeliverOptions): Job {
  const { outbox, settings, every = 1000, now = Date.now } = options;
  // A receiver that fails is left alone for a while, so that what waits for it is not spent on one bad hour.
  const resting = new Map<string, { readonly failures: number; readonly until: number }>();
  const rest = (webhook: string): void => {
    const failures = (resting.get(webhook)?.failures ?? 0) + 1;
    resting.set(webhook, { failures, until: now() + Math.min(60_000, waitAfter(failures, settings.retryAfter / 10)) });
  };

  const deliverAll = async (webhook: string, stop: AbortSignal): Promise<void> => {
    let claimed = await outbox.next(webhook);
    // Disabled, or another host has it.
    if (!claimed) resting.set(webhook, { failures: resting.get(webhook)?.failures ?? 0, until: now() + 2 * every });
    while (claimed) {
      const outcome: Outcome = stop.aborted ? { kind: 'stopped' } : await attempt(options, claimed, stop);
      if (outcome.kind === 'arrived') resting.delete(webhook);
      else if (outcome.kind === 'failed') rest(webhook);
      claimed = await outbox.next(webhook, { claimed, outcome });
    }
  };

  return {
    name: 'webhook deliveries',
    every,
    async run(stop) {
      const lanes = new Map<string, Promise<void>>();
      try {
        while (!stop.aborted) {
          const asleep = [...resting].flatMap(([webhook, { until }]) => (until > now() ? [webhook] : []));
          const room = settings.concurrency - lanes.size;
          for (const webhook of await outbox.due(room, [...lanes.keys(), ...asleep])) {
            const lane = deliverAll(webhook, stop).finally(() => lanes.delete(webhook));
            lanes.set(webhook, lane);
          }
          if (lanes.size === 0) return;
          await Promise.race([...lanes.values(), pause(every, undefined, { ref: false })]);
        }
      } finally {
        await Promise.allSettled(lanes.values());
      }
    },
  };
}

async function attempt({ send, open, version, now = Date.now }: DeliverOptions, claimed: Claimed, stop: AbortSignal) {
  const { hook, delivery } = claimed;
  const [key, authorization] = (['secret', 'authorization'] as const).map((field) => {
    const sealed = hook[field];
    return sealed === null ? undefined : (open(sealed, field) ?? null);
  });
  const read = readHeaders(hook.additional_headers);
  // Unsigned, or without what lets it in, it is not sent.
  if (key === null || authorization === null || 'fault' in read)
    return { kind: 'failed', failure: 'credential' } as const;
  const signed = { id: delivery.id, timestamp: Math.floor(now() / 1000), body: delivery.payload };
  const headers = {
    ...read.headers,
    ...(authorization !== undefined && { authorization }),
    'user-agent': `Latchkey/${version}`,
    ...deliveryHeaders(signed, key),
  };
  const { payload_url, ssl_verification } = hook;
  return send({ payload_url, ssl_verification, headers, body: delivery.payload }, stop);
}
