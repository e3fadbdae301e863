import type { Operand, UserIdentity } from '../../domain/constraint';
import { fold } from '../../domain/fold';
import { compareCodePoints } from './compare';
import { bindOperand, type Bound, type Comparison, type Condition } from './lookups';
import { compilePattern } from './patterns';

/** What a decision is made for; one for each decision, since it keeps the texts that it has folded. */
export interface MatchContext {
  readonly user: UserIdentity;
  /** Folds a text, and the same text again at no cost. */
  readonly fold: (text: string) => string;
}

/** Begins a decision for a user. */
export function matchContext(user: UserIdentity): MatchContext {
  let latest: string | undefined;
  let folded = '';
  let others: Map<string, string> | undefined;
  return {
    user,
    fold(text) {
      if (text === latest) return folded;
      const known = others?.get(text);
      if (known !== undefined) return known;
      // Most decisions fold one text, and need no map.
      if (latest !== undefined) (others ??= new Map()).set(latest, folded);
      latest = text;
      return (folded = fold(text));
    },
  };
}

/** Whether a leaf meets a condition: a column's value, or what is at the end of a way through JSON. */
export type LeafTest = (leaf: unknown, context: MatchContext) => boolean;

type Bind = (context: MatchContext) => ReturnType<typeof bindOperand>;
type ConditionOf<K extends Condition['kind']> = Extract<Condition, { readonly kind: K }>;

const nobody: UserIdentity = { id: undefined, name: '' };
const isToken = (operand: Operand): boolean => typeof operand === 'object' && operand !== null;

/** Gives the value of an operand: known beforehand, unless it is the user's. */
function bound(operand: Operand, on: Comparison): Bind {
  if (!isToken(operand)) {
    const known = bindOperand(operand, nobody, on);
    return () => known;
  }
  return (context) => {
    const value = bindOperand(operand, context.user);
    return on === 'folded' && typeof value === 'string' ? context.fold(value) : value;
  };
}

const leafText = (leaf: string, on: Comparison, context: MatchContext): string =>
  on === 'folded' ? context.fold(leaf) : leaf;

function equal({ on, values }: ConditionOf<'equal'>): LeafTest {
  const [first] = values;
  if (on === 'folded' || values.some(isToken)) {
    const operands = values.map((value) => bound(value, on));
    return (leaf, context) => {
      if (typeof leaf !== 'string') return on === 'exact' && operands.some((one) => isSame(leaf, one(context)));
      const text = leafText(leaf, on, context);
      return operands.some((one) => one(context) === text);
    };
  }
  if (values.length === 1) return (leaf) => isSame(leaf, first);
  // A few are compared faster than they are hashed.
  if (values.length <= 4) return (leaf) => leaf !== undefined && values.includes(leaf as Operand);
  const set = new Set<unknown>(values);
  return (leaf) => leaf !== undefined && set.has(leaf);
}

const isSame = (leaf: unknown, value: unknown): boolean => leaf === value && leaf !== undefined;

const always = (): boolean => true;

/** Finds a value in texts. One character is compared first: that is cheap, and tells nearly all others apart. */
const parts = {
  prefix(value: string) {
    const end = value.length - 1;
    const last = value.charCodeAt(end);
    return value === '' ? always : (text: string) => text.charCodeAt(end) === last && text.startsWith(value);
  },
  suffix(value: string) {
    const { length } = value;
    const first = value.charCodeAt(0);
    return value === ''
      ? always
      : (text: string) => text.charCodeAt(text.length - length) === first && text.endsWith(value);
  },
  contains: (value: string) => (text: string) => text.includes(value),
} as const;

function part({ kind, on, value }: ConditionOf<'prefix' | 'suffix' | 'contains'>): LeafTest {
  const finder: (wanted: string) => (text: string) => boolean = parts[kind];
  if (typeof value === 'string') {
    const has = finder(String(bindOperand(value, nobody, on)));
    return on === 'folded'
      ? (leaf, context) => typeof leaf === 'string' && has(context.fold(leaf))
      : (leaf) => typeof leaf === 'string' && has(leaf);
  }
  const operand = bound(value, on);
  return (leaf, context) => {
    const wanted = operand(context);
    return typeof leaf === 'string' && typeof wanted === 'string' && finder(wanted)(leafText(leaf, on, context));
  };
}

const operators = {
  '<': (sign: number) => sign < 0,
  '<=': (sign: number) => sign <= 0,
  '>': (sign: number) => sign > 0,
  '>=': (sign: number) => sign >= 0,
} as const satisfies Record<Bound['operator'], (sign: number) => boolean>;

function order({ bounds }: ConditionOf<'order'>): LeafTest {
  const ends = bounds.map(({ operator, value }) => ({ holds: operators[operator], operand: bound(value, 'exact') }));
  return (leaf, context) =>
    ends.every(({ holds, operand }) => {
      const value = operand(context);
      if (typeof leaf === 'string' && typeof value === 'string') return holds(compareCodePoints(leaf, value));
      return typeof leaf === 'number' && typeof value === 'number' && holds(leaf - value);
    });
}

function pattern({ on, value }: ConditionOf<'pattern'>): LeafTest {
  const compiled = compilePattern(String(value), on === 'folded');
  if ('fault' in compiled) throw new TypeError(compiled.fault);
  return (leaf) => typeof leaf === 'string' && compiled.test(leaf);
}

/** Each condition in memory. A column's null comes as undefined: it meets no condition but `absent`. */
const tests: { readonly [K in Condition['kind']]: (condition: ConditionOf<K>) => LeafTest } = {
  equal,
  prefix: part,
  suffix: part,
  contains: part,
  order,
  pattern,
  absent:
    ({ value }) =>
    (leaf) =>
      (leaf === undefined) === value,
};

/** Makes the test of a condition. */
export function testOf<K extends Condition['kind']>(condition: ConditionOf<K>): LeafTest {
  return (tests[condition.kind as K] as (one: ConditionOf<K>) => LeafTest)(condition);
}

/** What a condition costs, roughly; the cheap ones are asked first. */
export function costOf(condition: Condition): number {
  if (condition.kind === 'pattern') return 3;
  return 'on' in condition && condition.on === 'folded' ? 2 : 1;
}
