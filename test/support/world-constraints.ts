import type { LookupName } from '../../host/src/domain/constraint';
import type { AnyRow, Field, TypeDescriptor } from '../../host/src/domain/descriptor';
import { fold } from '../../host/src/domain/fold';
import { lookupsOfKind } from '../../host/src/permissions/constraints/lookups';
import { relationOf, type TypesByName } from '../../host/src/permissions/constraints/relations';
import type { Snapshot } from './constraint-world';
import { hostileKeys, nastyTexts, pick, type Draw } from './random-constraints';

/** Makes the JSON of a constraint on a type, most of it about what some row holds, or nearly. */
export function constraintOn(type: TypeDescriptor, draw: Draw, world: Snapshot, types: TypesByName): unknown {
  const member = () => {
    const through = draw(3) === 0 ? hops(type, draw, types) : [];
    const clauses = Array.from({ length: 1 + draw(2) }, () =>
      clauseOn(type, draw(2) === 0 ? through : [], draw, world, types),
    );
    return Object.fromEntries(clauses);
  };
  return draw(2) === 0 ? member() : Array.from({ length: 1 + draw(3) }, member);
}

const waysFrom = (type: TypeDescriptor): string[] => [
  ...Object.keys(type.fields).filter((name) => relationOf(type, name)),
  ...Object.keys(type.relations ?? {}),
];

function hops(type: TypeDescriptor, draw: Draw, types: TypesByName): string[] {
  const ways = waysFrom(type);
  if (ways.length === 0) return [];
  const name = pick(draw, ways);
  const far = types(relationOf(type, name)?.target ?? '');
  const further = far && draw(2) === 0 ? waysFrom(far) : [];
  return [name, ...(further.length > 0 ? [pick(draw, further)] : [])];
}

function clauseOn(
  from: TypeDescriptor,
  through: readonly string[],
  draw: Draw,
  world: Snapshot,
  types: TypesByName,
): [string, unknown] {
  const type = through.reduce((at, name) => types(relationOf(at, name)?.target ?? '') as TypeDescriptor, from);
  const fields = Object.entries<Field>(type.fields).filter(([, { kind }]) => lookupsOfKind[kind].length > 0);
  const json = fields.filter(([, { kind }]) => kind === 'json');
  const [name, { kind }] = pick(draw, json.length > 0 && draw(2) === 0 ? json : fields);
  const row: AnyRow | undefined = pick(draw, world.of(type));
  const [keys, leaf] = kind === 'json' ? wayInto(row?.[name], draw) : [[], row?.[name]];
  const possible = lookupsOfKind[kind] as readonly LookupName[];
  const telling = draw(2) === 0 ? tellingFor(leaf) : undefined;
  const lookup = pick(draw, telling?.filter((one) => possible.includes(one)) ?? possible);
  const path = [...through, name, ...keys, ...(lookup === 'exact' && kind !== 'json' && draw(2) === 0 ? [] : [lookup])];
  return [path.join('__'), valueFor(lookup, leaf, kind === 'json', draw)];
}

/** The lookups that tell most about a leaf that is no ordinary text. */
function tellingFor(leaf: unknown): readonly LookupName[] | undefined {
  if (typeof leaf !== 'string') return lookupsOfKind.flag;
  return leaf.includes('\0') ? ['endswith', 'iendswith', 'contains', 'startswith'] : undefined;
}

/** The names down to some member of a JSON value, or to none; and what is there. */
function wayInto(json: unknown, draw: Draw): [string[], unknown] {
  const keys: string[] = [];
  let leaf = json;
  do {
    const here = typeof leaf === 'object' && leaf !== null && !Array.isArray(leaf) ? Object.keys(leaf) : [];
    const key = here.length > 0 && draw(8) > 0 ? pick(draw, here) : pick(draw, hostileKeys);
    leaf = here.includes(key) ? (leaf as Record<string, unknown>)[key] : undefined;
    keys.push(key);
  } while (typeof leaf === 'object' && leaf !== null && draw(4) > 0);
  return [keys, leaf];
}

function valueFor(lookup: LookupName, leaf: unknown, isJson: boolean, draw: Draw): unknown {
  const near = () => nearlyAs(leaf, isJson, lookup, draw);
  switch (lookup) {
    case 'isnull':
      return draw(2) === 0;
    case 'in':
      return Array.from({ length: 1 + draw(4) }, near);
    case 'range':
      return [near(), near()].toSorted(() => draw(2) - 0.5);
    case 'regex':
    case 'iregex':
      return pick(draw, [
        '^a',
        'a.c',
        '^.$',
        '[A-Z]',
        '(?i)k',
        'a$',
        '',
        'b',
        `^${escaped(String(near()).slice(0, 20))}`,
      ]);
    default:
      return near();
  }
}

const escaped = (text: string) => text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');

function nearlyAs(leaf: unknown, isJson: boolean, lookup: LookupName, draw: Draw): unknown {
  if (!isJson && draw(25) === 0) return '$user';
  if (typeof leaf === 'string') return draw(5) === 0 && isJson ? otherLeaf(draw) : nearText(leaf, lookup, draw);
  if (typeof leaf === 'number' && draw(4) > 0) return pick(draw, [leaf, leaf + 1, leaf - 0.5, -leaf]);
  if (leaf === null && isJson && draw(2) === 0) return null;
  if (typeof leaf === 'boolean' && draw(4) > 0) return draw(2) === 0;
  return isJson ? otherLeaf(draw) : pick(draw, nastyTexts);
}

const otherLeaf = (draw: Draw): unknown =>
  pick(draw, [0, 1, 1.5, 2 ** 53, true, false, null, ...nastyTexts.slice(0, 12)]);

/** A text, or a part, or a text that differs from it in case or form. */
function nearText(text: string, lookup: LookupName, draw: Draw): string {
  const points = [...text].slice(0, 1000);
  const cut = draw(points.length + 1);
  const whole = [
    text,
    text.toUpperCase(),
    text.toLowerCase(),
    fold(text),
    text.normalize('NFD'),
    text.normalize('NFC'),
  ];
  const parts = lookup.includes('ends') ? [points.slice(cut)] : [points.slice(0, cut), points.slice(cut >> 1, cut)];
  const choices = [...whole, ...[...parts, ...parts].map((part) => part.join('')), pick(draw, nastyTexts)];
  const chosen = pick(draw, choices);
  return lookup.startsWith('i') && draw(2) === 0 ? chosen.toUpperCase() : chosen;
}
