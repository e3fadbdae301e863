/** One behaviour that clients of Nautobot rely on: a request, and what comes back. */
export interface Behaviour {
  /** The behaviour, as the second half of a sentence. */
  readonly it: string;
  readonly method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'HEAD' | 'OPTIONS';
  /** Below `/api/extras/`, or from the root. */
  readonly path: string;
  readonly body?: unknown;
  /** Sent as it is, in the place of `body`. */
  readonly raw?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly status: number;
  /** The whole body. */
  readonly is?: unknown;
  /** Parts of the body. */
  readonly holds?: object;
  /** Headers of the answer. */
  readonly headed?: Readonly<Record<string, string>>;
  /** What is there afterwards. */
  readonly after?: { readonly path: string; readonly holds: object };
}

/** An id that nothing has. */
export const nowhere = '00000000-0000-4000-8000-000000000000';

const id = (end: number) => `5ec00000-0000-4000-8000-${String(end).padStart(12, '0')}`;

/** The ids of the rows that every behaviour finds in the host. */
export const ids = {
  lamp: id(1),
  horn: id(2),
  spare: id(3),
  red: id(11),
  lighthouses: id(21),
  buoys: id(22),
  slot: id(31),
};

/** A secret of the environment, whose variable is there. */
export const secret = (name: unknown, more: object = {}) => ({
  name,
  provider: 'environment-variable',
  parameters: { variable: 'LAMP' },
  ...more,
});

/** The rows that every behaviour finds, each with the collection it is made in. */
export const world: readonly (readonly [string, object])[] = [
  ['extras/tags', { id: ids.red, name: 'red light', content_types: ['extras.secret'] }],
  ['extras/secrets', secret('lamp', { id: ids.lamp, description: 'of the tower', tags: [ids.red] })],
  ['extras/secrets', secret('horn', { id: ids.horn, parameters: { variable: 'NO_HORN' } })],
  ['extras/secrets', secret('Horn')],
  ['extras/secrets', secret('spare', { id: ids.spare })],
  ['extras/secrets-groups', { id: ids.lighthouses, name: 'light houses', description: 'on rocks' }],
  ['extras/secrets-groups', { id: ids.buoys, name: 'buoys' }],
  [
    'extras/secrets-groups-associations',
    { id: ids.slot, secrets_group: ids.lighthouses, secret: ids.lamp, access_type: 'SSH', secret_type: 'password' },
  ],
];
