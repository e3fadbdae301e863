import type { Principal } from '../domain/access';
import type { AnyRow, Field, TypeDescriptor } from '../domain/descriptor';
import type { Rows } from '../domain/ports';
import type { Choices } from '../domain/secrets';
import type { Policy } from '../permissions/policy';
import { parametersOf } from './filter-suffixes';

/** What may be done with a collection's rows over REST; every collection can be listed and read. */
export type Verb = 'create' | 'change' | 'remove';

/** What REST adds to a type: its address, what is shown of a row, what lists can be filtered by, what may be done. */
export interface Collection {
  readonly type: TypeDescriptor;
  /** The address under `/api/`, such as `extras/secrets`. */
  readonly address: string;
  /** The heading of the collection, such as `Secrets Groups`. */
  readonly title: string;
  /** The fields that are shown, in order. */
  readonly fields: readonly string[];
  /** The fields, and relations, that a list can be filtered by; suffixes come with their kinds. */
  readonly filters: readonly string[];
  /** The fields that can stand in an address in place of the id. */
  readonly keys: readonly string[];
  /** The fields that tell a row from all others to a person; a reference counts by its own display. */
  readonly naturalKey: readonly string[];
  /** The fields that `display` is made of; the natural key by default. */
  readonly displayFrom?: readonly string[];
  /** What a row is called, from those fields; the type's own display field by default. */
  readonly display?: (parts: readonly string[]) => string;
  /** The field that names a row's owner, where over the network everybody has but their own rows. */
  readonly owner?: string;
  /** What every row of the collection holds, where it is a part of a type's rows; the whole has a collection, too. */
  readonly within?: Readonly<Record<string, string>>;
  /** What is to be created for a body. */
  readonly creation?: (body: unknown, principal: Principal) => Creation;
  /** The relations that are shown only where they are asked for, by the names that they are shown under. */
  readonly onRequest?: Readonly<Record<string, string>>;
  /** Whether rows are shown with custom fields, as the type says. */
  readonly customizable?: true;
  readonly verbs: ReadonlySet<Verb>;
  /** What is shown of each row beside its fields, or in the place of one; for a whole page at once. */
  readonly beside?: (
    shown: readonly AnyRow[],
    around: Surroundings,
  ) => Promise<readonly Readonly<Record<string, unknown>>[]>;
  /** What `beside` shows, where it is not what the type's own fields say. */
  readonly besideFields?: Readonly<Record<string, Field>>;
}

/** What a collection can show of other rows. */
export interface Surroundings {
  readonly definitions: Rows;
  /** Who is shown the rows: of others, what they may view. */
  readonly viewer: { readonly principal: Principal; readonly policy: Policy };
  /** A reference as it is shown: id, type and address. */
  reference(type: string, id: string | null): unknown;
  /** The address under `/api/` of the rows of a type. */
  addressOf(type: string): string | undefined;
}

/** A creation: the whole body, and what its answer shows once and no other ever again. */
export interface Creation {
  readonly body: unknown;
  readonly once: Readonly<Record<string, unknown>>;
}

/** The address of the rows of each type that has a collection, by the name of the type. */
export function addressesOf(collections: readonly Collection[]): ReadonlyMap<string, string> {
  const whole = collections.filter(({ within }) => within === undefined);
  return new Map(whole.map(({ type, address }) => [type.name, address]));
}

/** The field that a collection shows under a name, which may be an alias. */
export function shownField({ fields, aliases }: TypeDescriptor, name: string): Field | undefined {
  const own = aliases && Object.hasOwn(aliases, name) ? (aliases[name] as string) : name;
  return Object.hasOwn(fields, own) ? fields[own] : undefined;
}

/** A declared collection, with the verbs of a writable one by default. */
export function defineCollection(
  declaration: Omit<Collection, 'verbs' | 'customizable'> & { readonly verbs?: readonly Verb[] },
): Collection {
  const { type, fields, filters, keys, naturalKey, verbs = ['create', 'change', 'remove'] } = declaration;
  for (const name of [...fields, ...keys, ...naturalKey])
    if (!shownField(type, name)) throw new Error(`${type.name} has no field "${name}".`);
  for (const name of filters)
    if (parametersOf(type, name).length === 0) throw new Error(`${type.name}.${name} cannot be filtered by.`);
  for (const name of fields)
    if (shownField(type, name)?.kind === 'secret') throw new Error(`${type.name}.${name} is never shown.`);
  return Object.freeze({ ...declaration, ...(type.customizable && { customizable: true }), verbs: new Set(verbs) });
}

/** True where a list can be searched by `q`. */
export function isSearchable({ type }: Collection): boolean {
  return type.searchThrough !== undefined || Object.values(type.fields).some(({ searchable }) => searchable);
}

/** Where the rows of a collection, and those that they refer to, are read. */
export interface Sources {
  readonly definitions: Rows;
  /** The same, with pages that are kept while the definitions stand still: for what every answer looks at. */
  readonly kept?: Rows;
  /** What lists and single rows are read from, no older than the request that asks. */
  readonly pages?: Rows;
  readonly accessEntries: Rows;
  readonly choices: Choices;
}

/** A collection with its sources. */
export interface OpenCollection extends Collection {
  /** The collection's own rows. */
  readonly rows: Rows;
  /** The rows that its references point to. */
  readonly definitions: Rows;
  /** Where custom fields are looked up. */
  readonly kept: Rows;
  readonly choices: Choices;
}
