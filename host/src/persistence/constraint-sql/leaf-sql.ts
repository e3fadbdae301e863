import type { UserIdentity } from '../../domain/constraint';
import { bindOperand, type Comparison, type Condition } from '../../permissions/constraints/lookups';
import type { Bound, Dialect } from './dialects';
import { amongNumbers, amongTexts, beginsWith } from './values-sql';
import { and, exactly, never, or, type Where } from './where';

/** Where a leaf is, by its type; null where it is of another, and absent where it never is of that type. */
export interface LeafColumns {
  readonly text?: string;
  /** The text in folded case, where that is kept. */
  readonly folded?: string | undefined;
  /** Whether the texts may be longer than an index holds. */
  readonly long?: boolean;
  readonly number?: string;
  /** The condition that the leaf is this word. */
  readonly is?: (word: boolean | null) => string;
}

/** What a constraint is turned into SQL with. Values get there by `bind` alone. */
export interface Asking {
  readonly bind: (value: Bound) => string;
  readonly user: UserIdentity;
  readonly dialect: Dialect;
}

type LeafCondition = Exclude<Condition, { readonly kind: 'absent' }>;
type ConditionOf<K extends LeafCondition['kind']> = Extract<LeafCondition, { readonly kind: K }>;
type Writer<C> = (condition: C, leaf: LeafColumns, asking: Asking) => Where;
type PartCondition = Extract<LeafCondition, { readonly kind: 'prefix' | 'suffix' | 'contains' }>;

/** Each condition in SQL. */
const writers: { readonly [K in LeafCondition['kind']]: Writer<ConditionOf<K>> } = {
  equal({ on, values }, leaf, asking) {
    const bound = values.map((value) => bindOperand(value, asking.user, on));
    const texts = bound.filter((value) => typeof value === 'string');
    const numbers = bound.filter((value) => typeof value === 'number');
    const words = bound.filter((value) => typeof value === 'boolean' || value === null);
    return or([
      onText(leaf, on, (column) => amongTexts(column, texts, asking, leaf.long)),
      leaf.number === undefined ? never : amongNumbers(leaf.number, numbers, asking),
      ...words.map((word) => (leaf.is ? exactly(leaf.is(word)) : never)),
    ]);
  },
  prefix: textual(beginsWith),
  suffix: textual((column, value, { bind, dialect }) => exactly(dialect.suffix(column, value, bind))),
  contains: textual((column, value, { bind, dialect }) => exactly(dialect.contains(column, bind(value)))),
  order({ bounds }, leaf, asking) {
    return and(
      bounds.map(({ operator, value }) => {
        const bound = bindOperand(value, asking.user);
        const column = typeof bound === 'string' ? leaf.text : typeof bound === 'number' ? leaf.number : undefined;
        if (column === undefined || typeof bound === 'boolean' || bound === null || bound === undefined) return never;
        return exactly(`${column} ${operator} ${asking.bind(bound)}`);
      }),
    );
  },
  pattern: (_condition, { text }) => (text === undefined ? never : { text: `${text} IS NOT NULL`, exact: false }),
};

/** The condition on a leaf that is there. */
export function leafWhere<K extends LeafCondition['kind']>(
  condition: ConditionOf<K>,
  leaf: LeafColumns,
  asking: Asking,
): Where {
  return (writers[condition.kind as K] as Writer<ConditionOf<K>>)(condition, leaf, asking);
}

function textual(
  write: (column: string, value: string, asking: Asking, long: boolean | undefined) => Where,
): Writer<PartCondition> {
  return ({ on, value }, leaf, asking) => {
    const bound = bindOperand(value, asking.user, on);
    if (typeof bound !== 'string') return never;
    return onText(leaf, on, (column) =>
      bound === '' ? exactly(`${column} IS NOT NULL`) : write(column, bound, asking, leaf.long),
    );
  };
}

/** Asks the text in the case that is compared; where no folded text is kept, only memory can tell. */
function onText({ text, folded }: LeafColumns, on: Comparison, write: (column: string) => Where): Where {
  if (text === undefined) return never;
  if (on === 'exact') return write(text);
  return folded === undefined ? { text: `${text} IS NOT NULL`, exact: false } : write(folded);
}
