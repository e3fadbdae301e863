/**
 * The kinds of field. A kind says what a field is; what it becomes (a column, a schema, a filter) stands in one table
 * per floor, each `satisfies Record<FieldKind, ...>`, so that a forgotten kind does not compile.
 */
export type FieldKind =
  | 'id'
  | 'number'
  | 'text'
  | 'choice'
  | 'json'
  | 'flag'
  | 'datetime'
  | 'reference'
  | 'secret'
  /** Texts in an order. */
  | 'list'
  /** Rows of another type, any number of them, joined by a table of its own; a row holds their ids in order. */
  | 'references'
  /** The JSON of a constraint, or any other that a rule of the type reads; null for none. */
  | 'constraint';

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
  readonly default?: string | number | boolean | Readonly<Record<string, never>> | readonly never[];
  readonly unique?: boolean;
  /** What is said of a value that another row has already, where it is not the usual. */
  readonly taken?: string;
  /** Set by Latchkey alone; accepted in a body and passed over, so that a PUT of what was read works. */
  readonly readOnly?: boolean;
  /** Only a text that matches is accepted; the message says what it should look like. */
  readonly pattern?: { readonly expression: RegExp; readonly message: string };
  /** Kept a second time in folded case, for searching alike on every engine. */
  readonly searchable?: boolean;
  readonly choices?: ChoiceList;
  /** The values that a choice may have everywhere, with their labels. */
  readonly oneOf?: Readonly<Record<string, string>>;
  /** What OPTIONS tells of the field. */
  readonly help?: string;
  /** The name of the type that a reference points to. */
  readonly target?: string;
  /** Whether a body may name a row that its sender may not view; where that leads is for the permissions on this row. */
  readonly namedUnseen?: true;
  readonly onDelete?: OnDelete;
  /** Kept only as the hash that this names, or as what a plugin's function makes of it: no answer shows what was given. */
  readonly seal?: Seal | Sealing;
  /** The name that a body gives the field by, where it is not the field's own. */
  readonly input?: string;
  /** Whether a list may be empty. */
  readonly mayBeEmpty?: boolean;
  /** A text that holds the id of a user, who may be gone: in a constraint, `$user` stands for the id there. */
  readonly userId?: true;
  /** JSON whose leaves are not kept, so that rows are cheap to add: what asks for one goes row by row. */
  readonly opaque?: true;
  /** JSON whose lists can be asked for an item. */
  readonly items?: true;
  /** Came to a table that was there: the column may be empty, the field never is. */
  readonly late?: true;
}

/** Makes what is kept of a text, such as a ciphertext, or says what is wrong with the text. */
export type Sealing = (text: string) => { readonly value: string } | { readonly fault: string };

/** How a secret field is kept: a slow hash of its own for a password, a keyed one that rows are found by for a token. */
export type Seal = 'password' | 'token';

/** A way from a row to rows of another type; every reference field is one by itself. */
export interface Relation {
  /** The name of the type at the far end. */
  readonly target: string;
  /** Whether there may be several rows at the far end. */
  readonly many: boolean;
  /**
   * The type whose rows join the two ends: `from` refers to the near row, `to` to the far one (`id` where the joining
   * rows are the far end themselves). Absent for a reference field.
   */
  readonly via?: { readonly type: string; readonly from: string; readonly to: string };
}

/** A type of row: its table, its fields and what is unique about it. Everything else is derived from this. */
export interface TypeDescriptor {
  /** The name in `object_type`, such as `extras.secret`. */
  readonly name: string;
  /** One row, in messages: `secret`. */
  readonly label: string;
  readonly table: string;
  readonly fields: Readonly<Record<string, Field>>;
  /** The ways to rows of other types, beside the reference fields; constraints look through them. */
  readonly relations?: Readonly<Record<string, Relation>>;
  /** The relations, through rows that refer to this one, whose rows a body may give with it; a change replaces them. */
  readonly parts?: readonly string[];
  /** Sets of fields that are unique together. */
  readonly unique: readonly (readonly string[])[];
  /** The fields of the default order. */
  readonly order: readonly string[];
  /** The fields of references that the search looks through, to what is searched of the rows at their far ends. */
  readonly searchThrough?: readonly string[];
  /** Read-only names that REST shows of a row beside its fields; a body may repeat them. */
  readonly repeated?: readonly string[];
  /** The field that people call a row by. */
  readonly display: string;
  /** False where no text is kept in folded case, so that rows are cheap to add: lookups without case go row by row. */
  readonly folded?: false;
  /** True where only the code that brings the type reads and writes its rows: no collection, no permission is about it. */
  readonly internal?: true;
  /** False where a change of a row is not a change of the definitions: it is told to nobody. */
  readonly logged?: false;
  /** Whether notes can be written about a row. */
  readonly noted?: true;
  /** Whether rows have custom fields: their values are in the field `custom_fields`. */
  readonly customizable?: true;
  /** The fields that say which row, of any type, a row is about: it goes with that one. */
  readonly about?: { readonly type: string; readonly id: string };
  /** The name of the type's model in Nautobot's texts, where it is not made of the label. */
  readonly model?: string;
  /** Names under which REST shows a field, where the type's clients know it by another. */
  readonly aliases?: Readonly<Record<string, string>>;
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
  list: readonly string[];
  references: readonly string[];
  constraint: unknown;
}

type FieldValue<F extends Field> = F extends { readonly nullable: true }
  ? KindTypes[F['kind']] | null
  : KindTypes[F['kind']];

/** A row of a type, as the database holds it; references are ids, times are ISO 8601 in UTC. */
export type RowOf<T extends TypeDescriptor> = { readonly [K in keyof T['fields']]: FieldValue<T['fields'][K]> };

type MayBeLeftOut<F extends Field> = F extends { readonly nullable: true } | { readonly default: unknown }
  ? true
  : false;

/** A row that is to be stored: its number is assigned; what has a default, or may be null, may be left out. */
export type NewRowOf<T extends TypeDescriptor> = {
  readonly [
    K in keyof T['fields'] as K extends 'number' ? never : MayBeLeftOut<T['fields'][K]> extends true ? never : K
  ]: FieldValue<T['fields'][K]>;
} & {
  readonly [K in keyof T['fields'] as MayBeLeftOut<T['fields'][K]> extends true ? K : never]?: FieldValue<
    T['fields'][K]
  >;
};

/** A row of some type. */
export type AnyRow = Readonly<Record<string, unknown>> & { readonly id: string };

/** The values of a row's custom fields, by their keys. */
const customValues = { kind: 'json', default: {}, items: true, late: true } as const satisfies Field;

/** A declared type; one that is customizable has the field for the values. */
export type Described<T extends TypeDescriptor> = T extends { readonly customizable: true }
  ? Omit<T, 'fields'> & { readonly fields: T['fields'] & { readonly custom_fields: typeof customValues } }
  : T;

/** Declares a type; keeps the literal types of its fields for {@link RowOf}. */
export function describeType<const T extends TypeDescriptor>(type: T): Described<T> {
  const whole = type.customizable ? { ...type, fields: { ...type.fields, custom_fields: customValues } } : type;
  return Object.freeze(whole) as Described<T>;
}

/** What a row of the type holds where nothing else is said: the defaults, and null. */
export function defaultsOf({ fields }: TypeDescriptor): Record<string, unknown> {
  const row: Record<string, unknown> = {};
  for (const [name, field] of Object.entries(fields)) {
    if (field.default !== undefined) row[name] = field.default;
    else if (field.nullable) row[name] = null;
    else if (field.kind === 'references') row[name] = [];
  }
  return row;
}

/** The fields that nearly every type has: identity, integer number, times. */
export const standardFields = {
  id: { kind: 'id', readOnly: true },
  number: { kind: 'number', unique: true, readOnly: true },
  created: { kind: 'datetime', readOnly: true },
  last_updated: { kind: 'datetime', readOnly: true },
} as const satisfies Record<string, Field>;
