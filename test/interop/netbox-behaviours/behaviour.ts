/** The two NetBoxes whose answers are imitated. */
export type Version = '2.9' | '2.11';

/** One behaviour that clients of NetBox rely on: a request, and what NetBox answers. */
export interface Behaviour {
  /** The behaviour, as the second half of a sentence. */
  readonly it: string;
  readonly method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'OPTIONS';
  /** Below `/api/secrets/`, or from the root. */
  readonly path: string;
  /** Who asks; the administrator by default. */
  readonly as?: 'admin' | 'keeper' | 'viewer' | 'nobody';
  /** Whether the session key of who asks is sent, or what is sent in its place. */
  readonly key?: true | string;
  readonly body?: unknown;
  /** Sent as it is, in the place of `body`, with its own `Content-Type`. */
  readonly raw?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly status: number;
  /** The whole body, or the whole text where it is no JSON. */
  readonly is?: unknown;
  /** Parts of the body. */
  readonly holds?: unknown;
  /** Headers of the answer. */
  readonly headed?: Readonly<Record<string, string>>;
  /** What is there afterwards, for the administrator. */
  readonly after?: { readonly path: string; readonly holds: object };
}

/** Behaviours of one version. */
export type Behaviours = (version: Version) => readonly Behaviour[];

/** What the rows that every behaviour finds are numbered. */
export const numbers = { login: 1, snmp: 2, r1: 1, r2: 2, prod: 1, admin: 1, read: 2, unnamed: 3, gold: 1, silver: 2 };

/** How a body says in a version which device a secret is for. */
export const on = (version: Version, device: number): object =>
  version === '2.9' ? { device } : { assigned_object_type: 'dcim.device', assigned_object_id: device };

/** The body of a secret on the second device. */
export const secret = (version: Version, name: unknown, more: object = {}): object => ({
  ...on(version, numbers.r2),
  role: numbers.login,
  name,
  plaintext: 'x',
  ...more,
});

/** A request that is refused with this body. */
export const refused = (it: string, request: Omit<Behaviour, 'it' | 'status'>, status = 400): Behaviour => ({
  it,
  status,
  ...request,
});

/** The hash of a value, by its form. */
export const hash: unknown = expect.stringMatching(
  /^pbkdf2_sha256\$1000\$[A-Za-z0-9]{12,}\$[A-Za-z0-9+/]{43}=$/,
) as unknown;
