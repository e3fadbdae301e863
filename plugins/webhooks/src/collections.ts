import { defineCollection, type Collection } from '@latchkey/host/extend';
import { deliveryType, type WebhookType } from './types';

/** What is told, and filtered by, of a delivery. */
const told = [
  'webhook',
  'event',
  'action',
  'changed_object_type',
  'changed_object_id',
  'state',
  'attempts',
  'next_at',
  'last_status',
  'last_failure',
  'created',
] as const;

/** What REST offers: webhooks, at Nautobot's address for them, and what has not arrived yet. */
export function collectionsOf(webhookType: WebhookType): readonly Collection[] {
  const flags = ['enabled', 'type_create', 'type_update', 'type_delete', 'ssl_verification'];
  return [
    defineCollection({
      type: webhookType,
      address: 'extras/webhooks',
      title: 'Webhooks',
      fields: [
        'content_types',
        'name',
        ...flags,
        'payload_url',
        'http_method',
        'http_content_type',
        'additional_headers',
        'created',
        'last_updated',
      ],
      filters: ['id', 'content_types', 'name', ...flags, 'payload_url', 'http_method', 'created', 'last_updated'],
      keys: ['name'],
      naturalKey: ['name'],
    }),
    defineCollection({
      type: deliveryType,
      address: 'webhooks/deliveries',
      title: 'Webhook Deliveries',
      fields: ['number', ...told],
      filters: ['id', ...told],
      keys: [],
      naturalKey: ['id'],
      verbs: ['remove'],
    }),
  ];
}
