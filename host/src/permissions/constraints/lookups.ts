import type { LookupName, Operand, UserIdentity } from '../../domain/constraint';
import type { FieldKind } from '../../domain/descriptor';
import { fold } from '../../domain/fold';

/** Texts are compared as they are, or both in folded case. */
export type Comparison = 'exact' | 'folded';

/**
 * What a lookup asks of one typed leaf: the whole language of constraints, said once for memory and for every engine.
 * A leaf meets an operand of its own type only: text, number, flag, JSON's null. Arrays, objects and what is missing meet
 * no condition but `absent`.
 */
export type Condition =
  /** The leaf is one of the values. */
  | { readonly kind: 'equal'; readonly on: Comparison; readonly values: readonly Operand[] }
  /** The leaf is a text that begins with, ends with or holds the value; no character of it is a wildcard. */
  | { readonly kind: 'prefix' | 'suffix' | 'contains'; readonly on: Comparison; readonly value: Operand }
  /** Texts in order of code points, numbers as numbers, times as instants; bounds that are given must hold. */
  | { readonly kind: 'order'; readonly bounds: readonly Bound[] }
  /** The column is null, or the JSON member is missing (JSON's null is there), or neither. */
  | { readonly kind: 'absent'; readonly value: boolean }
  /** An RE2 expression is found in the text; only memory can tell. */
  | { readonly kind: 'pattern'; readonly on: Comparison; readonly value: Operand };

/** One end of what an ordered leaf may be. */
export interface Bound {
  readonly operator: '<' | '<=' | '>' | '>=';
  readonly value: Operand;
}

interface Lookup {
  /** The shape of the JSON value. */
  readonly takes: 'one' | 'list' | 'pair' | 'flag' | 'pattern';
  /** What the scalars in it may be, for a leaf that could be of any type. */
  readonly of: 'any' | 'ordered' | 'text';
  readonly condition: (values: readonly Operand[]) => Condition;
}

const part = (kind: 'prefix' | 'suffix' | 'contains', on: Comparison): Lookup => ({
  takes: 'one',
  of: 'text',
  condition: ([value = null]) => ({ kind, on, value }),
});
const order = (operator: Bound['operator']): Lookup => ({
  takes: 'one',
  of: 'ordered',
  condition: ([value = null]) => ({ kind: 'order', bounds: [{ operator, value }] }),
});
const pattern = (on: Comparison): Lookup => ({
  takes: 'pattern',
  of: 'text',
  condition: ([value = null]) => ({ kind: 'pattern', on, value }),
});

/** What each lookup takes and means. */
export const lookups = {
  exact: { takes: 'one', of: 'any', condition: (values) => ({ kind: 'equal', on: 'exact', values }) },
  iexact: { takes: 'one', of: 'text', condition: (values) => ({ kind: 'equal', on: 'folded', values }) },
  in: { takes: 'list', of: 'any', condition: (values) => ({ kind: 'equal', on: 'exact', values }) },
  contains: part('contains', 'exact'),
  icontains: part('contains', 'folded'),
  startswith: part('prefix', 'exact'),
  istartswith: part('prefix', 'folded'),
  endswith: part('suffix', 'exact'),
  iendswith: part('suffix', 'folded'),
  gt: order('>'),
  gte: order('>='),
  lt: order('<'),
  lte: order('<='),
  range: {
    takes: 'pair',
    of: 'ordered',
    condition: ([low = null, high = null]) => ({
      kind: 'order',
      bounds: [
        { operator: '>=', value: low },
        { operator: '<=', value: high },
      ],
    }),
  },
  isnull: { takes: 'flag', of: 'any', condition: ([value]) => ({ kind: 'absent', value: value === true }) },
  regex: pattern('exact'),
  iregex: pattern('folded'),
} as const satisfies Record<LookupName, Lookup>;

/** Whether a word is a lookup; words of `Object.prototype` are none. */
export function isLookup(word: string | undefined): word is LookupName {
  return word !== undefined && Object.hasOwn(lookups, word);
}

const identity: readonly LookupName[] = ['exact', 'in', 'isnull'];
const ordered: readonly LookupName[] = [...identity, 'gt', 'gte', 'lt', 'lte', 'range'];
const all = Object.keys(lookups) as readonly LookupName[];

/**
 * The lookups that a field of each kind takes. A list takes none, since no array meets a scalar; a secret takes none, and
 * is as unknown as a field that is not there. `references` are looked through: what is asked of them is asked of an id.
 */
export const lookupsOfKind = {
  id: identity,
  number: ordered,
  text: all,
  choice: all,
  json: all,
  flag: identity,
  datetime: ordered,
  reference: identity,
  secret: [],
  list: [],
  references: [],
  constraint: ['isnull'],
} as const satisfies Record<FieldKind, readonly LookupName[]>;

/** The value to compare with, for a user: in folded case where the comparison is; undefined equals nothing. */
export function bindOperand(
  operand: Operand,
  user: UserIdentity,
  on: Comparison = 'exact',
): string | number | boolean | null | undefined {
  const value = typeof operand === 'object' && operand !== null ? user[operand.$user] : operand;
  return on === 'folded' && typeof value === 'string' ? fold(value) : value;
}
