import { customFieldChoiceType, customFieldType } from '../domain/custom-fields';
import { slugify } from '../domain/fold';
import { defineCollection, type Creation } from './collection';

/** The fields that an installation adds to rows. */
export const customFields = defineCollection({
  type: customFieldType,
  address: 'extras/custom-fields',
  title: 'Custom Fields',
  fields: [
    'content_types',
    'number',
    'type',
    'filter_logic',
    'label',
    'grouping',
    'key',
    'description',
    'required',
    'default',
    'weight',
    'validation_minimum',
    'validation_maximum',
    'validation_regex',
    'advanced_ui',
    'scope_filter',
    'created',
    'last_updated',
  ],
  filters: [
    'id',
    'number',
    'content_types',
    'type',
    'filter_logic',
    'label',
    'grouping',
    'key',
    'description',
    'required',
    'weight',
    'advanced_ui',
    'created',
    'last_updated',
  ],
  keys: ['key'],
  naturalKey: ['key'],
  displayFrom: ['label'],
  display: ([label = '']) => label,
  creation: (body) => withKey(body),
});

/** The values that selections offer. */
export const customFieldChoices = defineCollection({
  type: customFieldChoiceType,
  address: 'extras/custom-field-choices',
  title: 'Custom Field Choices',
  fields: ['number', 'value', 'weight', 'custom_field', 'created', 'last_updated'],
  filters: ['id', 'number', 'value', 'weight', 'custom_field', 'created', 'last_updated'],
  keys: [],
  naturalKey: ['custom_field', 'value'],
});

/** A field without a key has one that is made of its label. */
function withKey(body: unknown): Creation {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return { body, once: {} };
  const { key, label } = body as { readonly key?: unknown; readonly label?: unknown };
  if ((key !== undefined && key !== '') || typeof label !== 'string') return { body, once: {} };
  return { body: { ...body, key: slugify(label).replace(/[-_]+/g, '_') }, once: {} };
}
