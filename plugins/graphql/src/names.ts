import type { OpenCollection } from '@latchkey/host/extend';

/** What a collection is called in the schema. */
export interface Names {
  /** A row by its id: `secret`. */
  readonly one: string;
  /** A list: `secrets`. */
  readonly many: string;
  /** The type of its rows: `SecretType`. */
  readonly type: string;
}

/** A text as a name: letters, digits and underscores, no digit first. */
export const nameOf = (text: string): string => text.replace(/\W+/g, '_').replace(/^(?=\d|$)/, '_');
const snake = (text: string): string => nameOf(text.toLowerCase());
const pascal = (text: string): string =>
  text.replace(/(?:^|_)([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
const singular = (text: string): string => text.replace(/ies$/, 'y').replace(/s$/, '');

/**
 * The names of collections, in their order, as Nautobot makes them: a list is called by the collection's title, a row by
 * its type's label. Where one is taken, the first word of the address is before it, or all of the address.
 */
export function namesOf(collections: readonly OpenCollection[]): ReadonlyMap<OpenCollection, Names> {
  const taken = new Set<string>();
  const all = new Map<OpenCollection, Names>();
  for (const collection of collections) {
    const { title, type, within, address } = collection;
    const many = snake(title);
    const label = within === undefined ? snake(type.label) : singular(many);
    // A word that is its own plural.
    const one = label === many ? `one_${label}` : label;
    const isFree = (before: string): boolean => !taken.has(before + one) && !taken.has(before + many);
    const before = ['', `${snake(address.split('/')[0] ?? '')}_`, `${snake(address)}_`].find(isFree);
    if (before === undefined) throw new TypeError(`There is no name left for ${address}.`);
    taken.add(before + one).add(before + many);
    all.set(collection, { one: before + one, many: before + many, type: `${pascal(before + label)}Type` });
  }
  return all;
}

/** The name of a set of choices: `ExtrasSecretsGroupAssociationAccessTypeChoices`. */
export function choicesName({ type }: OpenCollection, names: Names, field: string): string {
  const [app = ''] = type.name.split('.');
  return `${pascal(snake(app))}${names.type.replace(/Type$/, '')}${pascal(snake(field))}Choices`;
}

/** Choices by what they are called in the schema: `HTTP(S)` is `HTTP_S_`. */
export function choiceNames(values: readonly string[]): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  for (const value of values) {
    const plain = value
      .replace(/\W+/g, '_')
      .toUpperCase()
      .replace(/^(?=\d|$)/, 'A_');
    let name = plain;
    for (let i = 2; names.has(name); i++) name = `${plain}_${i}`;
    names.set(name, value);
  }
  return names;
}
