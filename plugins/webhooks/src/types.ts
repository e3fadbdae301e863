import { describeType, standardFields, type RowOf, type Sealing } from '@latchkey/host/extend';

/** What a webhook type seals its two credentials by. */
export interface Sealings {
  readonly secret: Sealing;
  readonly authorization: Sealing;
}

const flag = (value: boolean) => ({ kind: 'flag', default: value }) as const;
const hidden = { kind: 'secret', nullable: true } as const;

/** Whom to tell of which changes. The type is made for each host, since its credentials are sealed by a key of that host. */
export function createWebhookType(sealings: Sealings) {
  return describeType({
    name: 'webhooks.webhook',
    label: 'webhook',
    table: 'webhooks_webhooks',
    fields: {
      ...standardFields,
      content_types: { kind: 'list', max: 100, required: true, help: 'The types whose changes are told' },
      name: { kind: 'text', max: 255, required: true, unique: true, searchable: true },
      enabled: flag(true),
      type_create: flag(false),
      type_update: flag(false),
      type_delete: flag(false),
      payload_url: { kind: 'text', max: 500, required: true, searchable: true, help: 'Where the changes are sent to' },
      http_method: { kind: 'choice', oneOf: { POST: 'POST' }, max: 10, default: 'POST' },
      http_content_type: {
        kind: 'text',
        max: 100,
        default: 'application/json',
        pattern: { expression: /^application\/json$/, message: 'Only application/json is sent.' },
      },
      additional_headers: { kind: 'text', max: 4000, default: '', help: 'One header a line, such as "X-Source: a"' },
      ssl_verification: flag(true),
      secret: { ...hidden, seal: sealings.secret, help: 'The key of the signatures; never shown' },
      authorization: { ...hidden, seal: sealings.authorization, help: 'The Authorization header; never shown' },
    },
    unique: [],
    order: ['name'],
    display: 'name',
  });
}

export type WebhookType = ReturnType<typeof createWebhookType>;
export type Webhook = RowOf<WebhookType>;

const set = { readOnly: true } as const;

/** One change that is to be told to one webhook: it is there from the change on, until it has arrived. */
export const deliveryType = describeType({
  name: 'webhooks.delivery',
  label: 'webhook delivery',
  table: 'webhooks_deliveries',
  logged: false,
  folded: false,
  fields: {
    id: { kind: 'id', ...set },
    number: { kind: 'number', unique: true, ...set },
    webhook: { kind: 'reference', target: 'webhooks.webhook', required: true, onDelete: 'cascade', ...set },
    /** The same for all webhooks that are told of one change. */
    event: { kind: 'text', max: 36, ...set },
    action: { kind: 'text', max: 10, ...set },
    changed_object_type: { kind: 'text', max: 100, ...set },
    changed_object_id: { kind: 'text', max: 36, ...set },
    /** The JSON that is sent; shown to nobody else, since who may see deliveries may not see every row. */
    payload: { kind: 'secret', ...set },
    state: { kind: 'choice', oneOf: { pending: 'Pending', dead: 'Dead letter' }, max: 10, default: 'pending', ...set },
    attempts: { kind: 'number', default: 0, ...set },
    next_at: { kind: 'datetime', ...set },
    /** Who sends it, until when; another may after that. */
    claim: { kind: 'text', max: 36, nullable: true, ...set },
    claimed_until: { kind: 'datetime', nullable: true, ...set },
    last_status: { kind: 'number', nullable: true, ...set },
    last_failure: { kind: 'text', max: 20, nullable: true, ...set },
    created: { kind: 'datetime', ...set },
  },
  unique: [],
  order: ['number'],
  display: 'id',
});

export type Delivery = RowOf<typeof deliveryType>;
