import type { LookupName } from '../../domain/constraint';
import type { Field, TypeDescriptor } from '../../domain/descriptor';
import { isLookup, lookupsOfKind } from './lookups';
import { isWellFormed } from './operands';
import { namesOf, relationOf, type TypesByName } from './relations';

/** Where a key of a constraint leads. */
export interface Path {
  readonly relations: readonly { readonly name: string; readonly target: string }[];
  /** The type that the last relation leads to. */
  readonly type: TypeDescriptor;
  readonly name: string;
  readonly field: Field;
  readonly keys: readonly string[];
  readonly lookup: LookupName;
}

const maxHops = 2;
const maxKeys = 8;
const maxKeyLength = 255;

/** A text as a message may show it. */
const shown = (text: string): string => JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text);

/**
 * Reads a key such as `secrets_groups__name__istartswith`: relations, a field, for a JSON field the way to a leaf, and a
 * lookup (`exact` where there is none). A last word that is a lookup is the lookup; a JSON member of such a name is
 * reached with `__exact` behind it. Throws {@link PathFault}.
 */
export function readPath(key: string, root: TypeDescriptor, types: TypesByName): Path {
  if (key.length > maxKeyLength) throw new PathFault(`A key has at most ${maxKeyLength} characters.`);
  const relations: { name: string; target: string }[] = [];
  let type = root;
  let words = key.split('__');
  for (;;) {
    const [name = '', ...rest] = words;
    const relation = relationOf(type, name);
    if (!relation || isOwnColumn(type, name, rest)) {
      // The id behind a reference is the reference itself.
      const own = relation ? rest.filter((word, i) => i > 0 || word !== 'id') : rest;
      return { relations, type, name, ...readField(type, name, own) };
    }
    const target = types(relation.target);
    if (!target) throw new PathFault(`Nothing is known of what ${shown(name)} leads to.`);
    if (relations.length === maxHops) throw new PathFault(`A key leads through at most ${maxHops} relations.`);
    relations.push({ name, target: relation.target });
    type = target;
    // What is asked of a relation itself is asked of the id at its far end.
    words =
      rest.length === 0 || (rest.length === 1 && isLookup(rest[0]) && !names(target, rest[0])) ? ['id', ...rest] : rest;
  }
}

/** Why a key leads nowhere. */
export class PathFault extends Error {}

const names = (type: TypeDescriptor, word: string): boolean =>
  Object.hasOwn(type.fields, word) || relationOf(type, word) !== undefined;

/** Whether a reference is compared itself, rather than looked through. */
function isOwnColumn(type: TypeDescriptor, name: string, [first, ...more]: readonly string[]): boolean {
  if (!Object.hasOwn(type.fields, name) || type.fields[name]?.kind !== 'reference') return false;
  if (first === undefined) return true;
  if (first === 'id') return more.length === 0 || (more.length === 1 && isLookup(more[0]));
  return more.length === 0 && isLookup(first);
}

function readField(
  type: TypeDescriptor,
  name: string,
  rest: readonly string[],
): Pick<Path, 'field' | 'keys' | 'lookup'> {
  const field = Object.hasOwn(type.fields, name) ? type.fields[name] : undefined;
  if (!field || field.kind === 'secret') {
    throw new PathFault(`There is no field ${shown(name)} in a ${type.label}; there are: ${namesOf(type).join(', ')}.`);
  }
  const last = rest.at(-1);
  const lookup = isLookup(last) ? last : 'exact';
  const keys = isLookup(last) ? rest.slice(0, -1) : rest;
  const allowed: readonly LookupName[] =
    field.kind === 'json' && keys.length === 0 ? ['isnull'] : lookupsOfKind[field.kind];
  const instead = allowed.length === 0 ? 'it takes none' : `there are: ${allowed.join(', ')}`;
  if (field.kind !== 'json' && keys.length > 0) {
    throw new PathFault(`There is no lookup ${shown(keys.join('__'))} for ${shown(name)}; ${instead}.`);
  }
  if (keys.length > maxKeys) throw new PathFault(`A key leads at most ${maxKeys} members deep.`);
  if (keys.some((word) => word === '' || word.includes('\0') || !isWellFormed(word))) {
    throw new PathFault('A name of a JSON member is a text of at least one character, without null characters.');
  }
  if (!allowed.includes(lookup)) {
    const remedy = field.kind === 'json' ? `; name a member first: ${name}__member` : '';
    throw new PathFault(`The lookup ${shown(lookup)} is not for ${shown(name)}; ${instead}${remedy}.`);
  }
  return { field, keys, lookup };
}
