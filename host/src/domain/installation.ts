import type { TypeDescriptor } from './descriptor';

/** The types of an installation: the host's own, and those that its plugins bring. */
export interface Types {
  /** Every type of the definitions' database, referenced ones before those that refer to them. */
  readonly definitions: readonly TypeDescriptor[];
  /** The types that a permission can be about, by name: every one but internal ones, and the access records. */
  readonly targets: ReadonlyMap<string, TypeDescriptor>;
  /** The type of this name, internal ones too. */
  get(name: string): TypeDescriptor | undefined;
  /** These types and more; a name or a table that is taken is refused with a TypeError that says which. */
  with(more: readonly TypeDescriptor[]): Types;
}
