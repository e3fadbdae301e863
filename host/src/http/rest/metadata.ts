import { shownField, type OpenCollection } from '../../collections/collection';
import type { Action, Principal } from '../../domain/access';
import type { Field, FieldKind } from '../../domain/descriptor';
import type { Choices } from '../../domain/secrets';
import type { HttpServices } from '../services';

/** What each kind of field is called in Nautobot's OPTIONS. */
const words = {
  id: 'string',
  number: 'integer',
  text: 'string',
  choice: 'choice',
  json: 'field',
  flag: 'boolean',
  datetime: 'datetime',
  reference: 'field',
  secret: 'string',
  references: 'field',
  list: 'list',
  constraint: 'field',
} as const satisfies Record<FieldKind, string>;

const shown = { type: 'field', required: false, read_only: true } as const;

/** Makes what OPTIONS tells of a collection or a row: the fields, where the principal may write them. */
export function describeCollection(collection: OpenCollection, { policy }: HttpServices, many: boolean) {
  const { type, title, fields, verbs, choices } = collection;
  const own = fields.filter((name) => name !== 'object_type' || type.fields.object_type);
  const sealed = Object.entries<Field>(type.fields)
    .filter(([, { seal }]) => seal !== undefined)
    .map(([name, field]) => [field.input ?? name, { ...field, required: false }] as const);
  const described = {
    id: { type: 'string', required: false, read_only: false, label: 'Id' },
    ...(!fields.includes('object_type') && { object_type: { ...shown, type: 'string', label: 'Object type' } }),
    display: { ...shown, label: 'Display', help_text: 'Human friendly display value' },
    url: { ...shown, label: 'Url' },
    natural_slug: { ...shown, label: 'Natural slug' },
    ...Object.fromEntries(own.map((name) => [name, describeField(name, shownField(type, name) as Field, choices)])),
    ...Object.fromEntries(
      Object.keys(collection.onRequest ?? {}).map((name) => [name, { ...shown, label: labelOf(name) }]),
    ),
    ...Object.fromEntries(
      (type.parts ?? []).map((name) => [name, { ...shown, read_only: false, label: labelOf(name) }]),
    ),
    ...(type.noted && { notes_url: { ...shown, label: 'Notes url' } }),
    ...(collection.customizable && {
      custom_fields: { ...shown, read_only: false, label: 'Custom fields' },
      computed_fields: { ...shown, label: 'Computed fields' },
      relationships: { ...shown, read_only: false, label: 'Relationships' },
    }),
    ...Object.fromEntries(sealed.map(([name, field]) => [name, describeField(name, field, choices)])),
  };
  const methods: readonly (readonly [string, Action])[] = (
    [
      ['create', 'POST', 'add'],
      ['change', 'PUT', 'change'],
    ] as const
  )
    .filter(([verb]) => verbs.has(verb) && (many || verb === 'change'))
    .map(([, method, action]) => [method, action]);

  const description = `Manage ${title} through ${verbs.size > 0 ? 'DELETE, GET, POST, PUT, and PATCH' : 'GET'} requests.`;

  return (principal: Principal): Readonly<Record<string, unknown>> => {
    const open = methods.filter(
      ([, action]) => principal.mayWrite && policy.scope(principal, action, type).kind !== 'none',
    );
    return {
      name: many ? title : title.replace(/s$/, ''),
      description,
      ...(open.length > 0 && { actions: Object.fromEntries(open.map(([method]) => [method, described])) }),
    };
  };
}

const labelOf = (name: string): string => name.charAt(0).toUpperCase() + name.slice(1).replaceAll('_', ' ');

function describeField(name: string, field: Field, choices: Choices): Record<string, unknown> {
  const offered = field.oneOf ?? (field.choices && choices[field.choices]);
  return {
    type: words[field.kind],
    required: (field.required ?? false) && field.kind !== 'json',
    read_only: field.readOnly ?? false,
    label: labelOf(name),
    ...(field.help !== undefined && { help_text: field.help }),
    ...(field.max !== undefined && field.kind === 'text' && { max_length: field.max }),
    ...(field.kind === 'list' && {
      child: { type: 'string', required: true, read_only: false, max_length: field.max },
    }),
    ...(offered && { choices: Object.entries(offered).map(([value, display]) => ({ value, display })) }),
  };
}
