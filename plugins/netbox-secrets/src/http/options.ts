import type { Answer, ApiRequest, HostAccess } from '@latchkey/host/extend';
import { roleType, storedSecretType } from '../types';
import type { Shape } from './shape';

type Field = readonly [type: string, label: string, more?: Readonly<Record<string, unknown>>];

const shown = (type: string, label: string): Field => [type, label, { read_only: true }];
const needed = (type: string, label: string, more: Readonly<Record<string, unknown>> = {}): Field => [
  type,
  label,
  { required: true, ...more },
];

const idField = (shape: Shape): Field => shown('integer', shape === '2.9' ? 'ID' : 'Id');
const length = (shape: Shape) => ({ max_length: shape === '2.9' ? 50 : 100 });

/** The fields that OPTIONS tells of, by the name of the type and the shape. */
const tables = {
  role: (shape: Shape): Record<string, Field> => ({
    id: idField(shape),
    url: shown('field', 'Url'),
    ...(shape === '2.11' && { display: shown('field', 'Display') }),
    name: needed('string', 'Name', length(shape)),
    slug: needed('slug', 'Slug', length(shape)),
    description: ['string', 'Description', { max_length: 200 }],
    ...(shape === '2.11' && {
      custom_fields: ['field', 'Custom fields'],
      created: shown('date', 'Created'),
      last_updated: shown('datetime', 'Last updated'),
    }),
    secret_count: shown('integer', 'Secret count'),
  }),
  secret: (shape: Shape): Record<string, Field> => ({
    id: idField(shape),
    url: shown('field', 'Url'),
    ...(shape === '2.9'
      ? {
          device: needed('nested object', 'Device', {
            children: nested(shape, {
              name: ['string', 'Name', { max_length: 64 }],
              display_name: shown('field', 'Display name'),
            }),
          }),
        }
      : {
          display: shown('field', 'Display'),
          assigned_object_type: needed('field', 'Assigned object type'),
          assigned_object_id: needed('integer', 'Assigned object id', { min_value: 0, max_value: 2147483647 }),
          assigned_object: shown('field', 'Assigned object'),
        }),
    role: needed('nested object', 'Role', {
      children: { ...slugged(shape, length(shape)), secret_count: told({ it: shown('integer', 'Secret count') }).it },
    }),
    name: ['string', 'Name', { max_length: 100 }],
    plaintext: needed('string', 'Plaintext'),
    hash: shown('string', 'Hash'),
    tags: ['field', 'Tags', { child: tagField(shape) }],
    custom_fields: ['field', 'Custom fields'],
    created: shown('date', 'Created'),
    last_updated: shown('datetime', 'Last updated'),
  }),
} as const;

/** A nested object that has a name and a slug. */
function slugged(shape: Shape, most: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const display = shape === '2.11' ? { display: shown('field', 'Display') } : {};
  return nested(shape, { ...display, name: needed('string', 'Name', most), slug: needed('slug', 'Slug', most) });
}

function tagField(shape: Shape) {
  const color = told({ color: ['string', 'Color', { max_length: 6 }] });
  const children = { ...slugged(shape, { max_length: 100 }), ...color };
  return { type: 'nested object', required: false, read_only: false, children };
}

function nested(shape: Shape, fields: Record<string, Field>): Record<string, unknown> {
  return told({ id: idField(shape), url: shown('field', 'Url'), ...fields });
}

function told(fields: Record<string, Field>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(fields).map(([name, [type, label, more]]) => [
      name,
      { type, required: false, read_only: false, label, ...more },
    ]),
  );
}

const allow = {
  '2.9': 'GET, POST, HEAD, OPTIONS',
  '2.11': 'GET, POST, PUT, PATCH, DELETE, HEAD, OPTIONS',
  one: 'GET, PUT, PATCH, DELETE, HEAD, OPTIONS',
} as const satisfies Record<Shape | 'one', string>;

/** What OPTIONS answers; the actions are there for who may do them. */
export function optionsOf(
  { policy }: HostAccess,
  { principal }: ApiRequest,
  {
    name,
    shape,
    method,
  }: { readonly name: keyof typeof tables; readonly shape: Shape; readonly method: 'POST' | 'PUT' },
): Answer {
  const type = name === 'role' ? roleType : storedSecretType;
  const may = (one: 'POST' | 'PUT'): boolean =>
    principal.mayWrite && policy.scope(principal, one === 'POST' ? 'add' : 'change', type).kind !== 'none';
  // Lists can be changed as a whole since 2.10.
  const methods = (method === 'POST' && shape === '2.11' ? (['PUT', 'POST'] as const) : [method]).filter(may);
  return {
    status: 200,
    headers: { Allow: allow[method === 'POST' ? shape : 'one'] },
    body: {
      name: name === 'role' ? 'Secret Role' : 'Secret',
      description: '',
      renders: ['application/json', 'text/html'],
      parses: ['application/json', 'application/x-www-form-urlencoded', 'multipart/form-data'],
      ...(methods.length > 0 && {
        actions: Object.fromEntries(methods.map((one) => [one, told(tables[name](shape))])),
      }),
    },
  };
}
