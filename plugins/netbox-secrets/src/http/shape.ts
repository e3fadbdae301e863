import type { ApiRequest } from '@latchkey/host/extend';

/** A NetBox whose answers are imitated: that with devices alone, or that with assigned objects. */
export type Shape = '2.9' | '2.11';

/** Where the API stands: where NetBox has it, and where its successor, the plugin, has it. */
export const mounts = { core: '/api/secrets/', plugin: '/api/plugins/secrets/' } as const;

/** The versions of NetBox's API that clients may ask for; each is answered in the nearer of the two shapes. */
export const shapes = { '2.8': '2.9', '2.9': '2.9', '2.10': '2.11', '2.11': '2.11' } as const satisfies Record<
  string,
  Shape
>;

const asked = /application\/(?:json|\*)\s*;[^,]*?\bversion\s*=\s*"?([\d.]+)/i;

/** The shape that a request is answered in: that of the version it asks for, otherwise that of the installation. */
export function shapeOf(request: Pick<ApiRequest, 'header' | 'query'>, usual: Shape): Shape {
  const version = asked.exec(request.header('accept') ?? '')?.[1] ?? request.query.get('api_version') ?? usual;
  return Object.hasOwn(shapes, version) ? shapes[version as keyof typeof shapes] : usual;
}

/** The fields of each shape, in their order. */
export const fieldsOf = {
  secret: {
    '2.9': 'id url device role name plaintext hash tags custom_fields created last_updated'.split(' '),
    '2.11':
      'id url display assigned_object_type assigned_object_id assigned_object role name plaintext hash tags custom_fields created last_updated'.split(
        ' ',
      ),
  },
  // Clients of the plugin know assigned objects alone; in the shape of 2.9 both ways of telling stand there.
  secretOfPlugin: {
    '2.9':
      'id url display device assigned_object_type assigned_object_id assigned_object role name plaintext hash tags custom_fields created last_updated'.split(
        ' ',
      ),
    '2.11':
      'id url display assigned_object_type assigned_object_id assigned_object role name plaintext hash tags custom_fields created last_updated'.split(
        ' ',
      ),
  },
  secretBrief: { '2.9': ['id', 'url', 'name'], '2.11': ['id', 'url', 'display', 'name'] },
  role: {
    '2.9': ['id', 'url', 'name', 'slug', 'description', 'secret_count'],
    '2.11': 'id url display name slug description custom_fields created last_updated secret_count'.split(' '),
  },
  roleBrief: {
    '2.9': ['id', 'url', 'name', 'slug', 'secret_count'],
    '2.11': ['id', 'url', 'display', 'name', 'slug', 'secret_count'],
  },
  roleNested: { '2.9': ['id', 'url', 'name', 'slug'], '2.11': ['id', 'url', 'display', 'name', 'slug'] },
  tag: { '2.9': ['id', 'url', 'name', 'slug', 'color'], '2.11': ['id', 'url', 'display', 'name', 'slug', 'color'] },
} as const satisfies Record<string, Record<Shape, readonly string[]>>;

/** The members of an object that a shape has, in its order; what is missing is left out. */
export function pick(fields: readonly string[], from: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const picked: Record<string, unknown> = {};
  for (const name of fields) if (from[name] !== undefined) picked[name] = from[name];
  return picked;
}

/** How NetBox calls the placing fields in its message of a second secret in one place. */
export const placeWords = {
  '2.9': 'Device, Role and Name',
  '2.11': 'Assigned object type, Assigned object id, Role and Name',
} as const satisfies Record<Shape, string>;
