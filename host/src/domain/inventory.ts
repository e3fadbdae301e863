import { describeType, standardFields, type RowOf } from './descriptor';

/** An object of the inventory: a device, a repository, a job; what asks for secrets, and `obj` in templates. */
export const objectType = describeType({
  name: 'inventory.object',
  label: 'object',
  table: 'inventory_objects',
  noted: true,
  fields: {
    ...standardFields,
    object_type: {
      kind: 'text',
      max: 100,
      required: true,
      pattern: { expression: /^[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*$/, message: 'Enter a type such as dcim.device.' },
    },
    name: { kind: 'text', max: 255, required: true, searchable: true },
    slug: {
      kind: 'text',
      max: 255,
      pattern: {
        expression: /^[-a-zA-Z0-9_]+$/,
        message: 'Enter a valid “slug” consisting of letters, numbers, underscores or hyphens.',
      },
    },
    attributes: { kind: 'json', default: {} },
    secrets_group: { kind: 'reference', target: 'extras.secretsgroup', nullable: true, onDelete: 'set-null' },
  },
  unique: [
    ['object_type', 'name'],
    ['object_type', 'slug'],
  ],
  order: ['object_type', 'name'],
  display: 'name',
});

/** An object of the inventory: a device, a repository, a job, anything that asks for secrets. */
export type InventoryObject = RowOf<typeof objectType>;

/** What a template sees as `obj`: the attributes, over them the identity, which no attribute can replace. */
export function templateView({ id, object_type, name, slug, attributes }: InventoryObject): Record<string, unknown> {
  return { ...attributes, id, object_type, name, slug };
}
