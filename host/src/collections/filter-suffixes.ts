import type { z } from 'zod';
import type { Field, FieldKind, Relation, TypeDescriptor } from '../domain/descriptor';
import type { Filter, Scalar } from '../domain/ports';
import { relationOf } from '../permissions/constraints/relations';

/** What a suffix of a filter's name means. */
export interface Suffix {
  readonly lookup: NonNullable<Filter['lookup']>;
  readonly negated?: true;
}

/** Nautobot's suffixes; a name without one asks for the value itself. */
export const suffixes = {
  '': { lookup: 'exact' },
  n: { lookup: 'exact', negated: true },
  ic: { lookup: 'icontains' },
  nic: { lookup: 'icontains', negated: true },
  isw: { lookup: 'istartswith' },
  nisw: { lookup: 'istartswith', negated: true },
  iew: { lookup: 'iendswith' },
  niew: { lookup: 'iendswith', negated: true },
  ie: { lookup: 'iexact' },
  nie: { lookup: 'iexact', negated: true },
  re: { lookup: 'regex' },
  nre: { lookup: 'regex', negated: true },
  ire: { lookup: 'iregex' },
  nire: { lookup: 'iregex', negated: true },
  lt: { lookup: 'lt' },
  lte: { lookup: 'lte' },
  gt: { lookup: 'gt' },
  gte: { lookup: 'gte' },
  isnull: { lookup: 'isnull' },
} as const satisfies Record<string, Suffix>;

/** One of {@link suffixes}. */
export type SuffixName = keyof typeof suffixes;

const identity = ['', 'n'] as const;
const ordered = [...identity, 'lt', 'lte', 'gt', 'gte'] as const;
const textual = [
  ...identity,
  'ic',
  'nic',
  'isw',
  'nisw',
  'iew',
  'niew',
  'ie',
  'nie',
  're',
  'nre',
  'ire',
  'nire',
] as const;

/** The suffixes that each kind of field takes, as Nautobot has it; a field that may be null takes `isnull` too. */
export const suffixesOfKind = {
  id: identity,
  number: ordered,
  text: textual,
  choice: textual,
  flag: [''],
  datetime: [...ordered, 'isnull'],
  reference: [...identity, 'isnull'],
  references: [...identity, 'isnull'],
  json: [],
  list: identity,
  constraint: [],
  secret: [],
} as const satisfies Record<FieldKind, readonly SuffixName[]>;

/** One parameter that a list can be filtered by. */
export interface FilterParameter extends Suffix {
  /** The field, or the relation. */
  readonly name: string;
  readonly kind: FieldKind;
  readonly field: Field | undefined;
  /** Where it leads to other rows. */
  readonly relation: Relation | undefined;
  /** The member of the field that it asks for. */
  readonly keys?: readonly string[];
  /** Whether it asks for an item of a list. */
  readonly holds?: true;
  /** Reads a value, where it is not as its kind says. */
  readonly reader?: z.ZodType<Scalar, string>;
}

/** The parameters of one filter, by their whole names; none where the kind cannot be filtered by. */
export function parametersOf(type: TypeDescriptor, name: string): [string, FilterParameter][] {
  const field = Object.hasOwn(type.fields, name) ? type.fields[name] : undefined;
  const relation = relationOf(type, name);
  const kind = field?.kind ?? (relation ? 'references' : 'secret');
  const names: readonly SuffixName[] = suffixesOfKind[kind];
  const nullable = field?.nullable && names.length > 0 ? (['isnull'] as const) : [];
  return [...new Set([...names, ...nullable])].map((suffix) => [
    suffix === '' ? name : `${name}__${suffix}`,
    { ...suffixes[suffix], name, kind, field, relation, ...(kind === 'list' && { holds: true }) },
  ]);
}
