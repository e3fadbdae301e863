/**
 * The kinds of field. A kind says what a field is; what it becomes (a column, a schema, a filter) stands in one table
 * per floor, each `satisfies Record<FieldKind, ...>`, so that a forgotten kind does not compile.
 */
export type FieldKind = 'id' | 'number' | 'text' | 'choice' | 'json' | 'flag' | 'datetime' | 'reference' | 'secret';

/** What happens to a row when the row it refers to goes. */
export type OnDelete = 'cascade' | 'restrict' | 'set-null';

/** The lists of choices that an installation may extend. */
export type ChoiceList = 'accessTypes' | 'secretTypes';

/** One field of a type. */
export interface Field {
  readonly kind: FieldKind;
  /** Longest text, in characters. */
  readonly max?: number;
  /** Must be given at creation. */
  readonly required?: boolean;
  readonly nullable?: boolean;
  readonly default?: string | boolean | Readonly<Record<string, never>>;
  readonly unique?: boolean;
  /** Set by Latchkey alone; accepted in a body and passed over, so that a PUT of what was read works. */
  readonly readOnly?: boolean;
  /** Only a text that matches is accepted; the message says what it should look like. */
  readonly pattern?: { readonly expression: RegExp; readonly message: string };
  /** Kept a second time in folded case, for searching alike on every engine. */
  readonly searchable?: boolean;
  readonly choices?: ChoiceList;
  /** The name of the type that a reference points to. */
  readonly target?: string;
  readonly onDelete?: OnDelete;
}

/** A type of row: its table, its fields and what is unique about it. Everything else is derived from this. */
export interface TypeDescriptor {
  /** The name in `object_type`, such as `extras.secret`. */
  readonly name: string;
  /** One row, in messages: `secret`. */
  readonly label: string;
  readonly table: string;
  readonly fields: Readonly<Record<string, Field>>;
  /** Sets of fields that are unique together. */
  readonly unique: readonly (readonly string[])[];
  /** The fields of the default order. */
  readonly order: readonly string[];
  /** The field that people call a row by. */
  readonly display: string;
}

interface KindTypes {
  id: string;
  number: number;
  text: string;
  choice: string;
  json: Readonly<Record<string, unknown>>;
  flag: boolean;
  datetime: string;
  reference: string;
  secret: string;
}

type FieldValue<F extends Field> = F extends { readonly nullable: true }
  ? KindTypes[F['kind']] | null
  : KindTypes[F['kind']];

/** A row of a type, as the database holds it; references are ids, times are ISO 8601 in UTC. */
export type RowOf<T extends TypeDescriptor> = { readonly [K in keyof T['fields']]: FieldValue<T['fields'][K]> };

/** A row of some type. */
export type AnyRow = Readonly<Record<string, unknown>> & { readonly id: string };

/** Declares a type; keeps the literal types of its fields for {@link RowOf}. */
export function describeType<const T extends TypeDescriptor>(type: T): T {
  return Object.freeze(type);
}

/** The fields that nearly every type has: identity, integer number, times. */
export const standardFields = {
  id: { kind: 'id', readOnly: true },
  number: { kind: 'number', unique: true, readOnly: true },
  created: { kind: 'datetime', readOnly: true },
  last_updated: { kind: 'datetime', readOnly: true },
} as const satisfies Record<string, Field>;
