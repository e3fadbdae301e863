import type * as nodes from 'nunjucks/src/nodes';
import { TemplateRenderError } from '../errors';
import { isHidden } from '../grammar/nodes';
import { fits, spend } from '../limits';
import { binary, comparisons, unary } from '../python/operators';
import { points, slice } from '../python/text';
import { asCount, isList, member, text, truth, Tuple, typeName, type Value } from '../python/values';
import { calls } from './calls';
import { always, constant, demanding, pathOf, refuse, row, type Code, type Rules, type Visit } from './code';

interface Slice extends nodes.Node {
  readonly start: nodes.Node | null;
  readonly stop: nodes.Node | null;
  readonly step: nodes.Node | null;
}

/** One step of a path as it is written; a computed key is not shown, since it may come from the object. */
function step(key: Value | undefined, isName: boolean): string {
  if (isName) return `.${key as string}`;
  if (typeof key === 'string') return `[${JSON.stringify(key)}]`;
  return typeof key === 'number' ? `[${key}]` : '[…]';
}

const isObject = (node: nodes.Node): boolean => node.typename === 'Symbol' && (node as nodes.Symbol).value === 'obj';

function lookup({ target, val }: nodes.LookupVal, visit: Visit): Code {
  const base = visit(target);
  if (val.typename === 'Slice') return sliced(base, val as Slice, visit);
  const isName = val.typename === 'Symbol';
  const key = isName ? constant((val as nodes.Symbol).value) : visit(val);
  const fixed = key.constant;
  if (typeof fixed === 'string' && isHidden(fixed)) refuse(val, 'This name is not allowed');
  const path = pathOf(base) + step(fixed, isName);
  if (typeof fixed === 'string' && isObject(target)) {
    // Not by way of the whole object, which would have to be copied for one member.
    return demanding((context) => (context.isThere ? context.member(fixed) : base.run(context)), path);
  }
  if (fixed !== undefined) return demanding((context) => member(base.run(context), fixed), path);
  return demanding((context) => member(base.run(context), key.run(context)), path);
}

function sliced(base: Code, { start, stop, step: by }: Slice, visit: Visit): Code {
  const bounds = [start, stop, by].map((node) => (node ? visit(node) : constant(null)));
  return always((context) => {
    const value = base.run(context);
    const [from, to, stride = 1] = bounds.map((bound) => {
      const index = bound.run(context);
      return index === null ? undefined : asCount(index, 'A bound of a slice');
    });
    if (stride === 0) throw new TemplateRenderError('The step of a slice is 0');
    if (typeof value === 'string') return slice(points(value), from, to, stride).join('');
    if (!isList(value)) throw new TemplateRenderError(`${typeName(value)} cannot be sliced`);
    spend(value.length);
    const part = slice(value, from, to, stride);
    return value instanceof Tuple ? (Tuple.from(part) as Tuple) : part;
  }, base.path);
}

const list =
  (make: (items: Value[]) => Value) =>
  ({ children }: nodes.NodeList, visit: Visit): Code => {
    const items = children.map(visit);
    return always((context) => {
      spend(items.length);
      return make(items.map(({ run }) => run(context)));
    });
  };

function inlineIf({ cond, body, else_ }: nodes.InlineIf, visit: Visit): Code {
  const [condition, then] = [visit(cond), visit(body)];
  // Without an else Jinja2 gives a value that is missing and yet may be written: nothing.
  const otherwise: Code = else_ ? visit(else_) : { run: () => '', maybe: () => undefined };
  return {
    run: (context) => (truth(condition.run(context)) ? then : otherwise).run(context),
    maybe: (context) => (truth(condition.run(context)) ? then : otherwise).maybe(context),
  };
}

const operator =
  (apply: (a: Value, b: Value) => Value) =>
  ({ left, right }: nodes.BinOp, visit: Visit): Code => {
    const [a, b] = [visit(left), visit(right)];
    return always((context) => apply(a.run(context), b.run(context)));
  };

/** `and` or `or`: the left operand decides, by its truth, and is the result itself; otherwise the right one is. */
const connective =
  (isDecided: (left: boolean) => boolean) =>
  ({ left, right }: nodes.BinOp, visit: Visit): Code => {
    const [a, b] = [visit(left), visit(right)];
    return always((context) => {
      const value = a.run(context);
      return isDecided(truth(value)) ? value : b.run(context);
    });
  };

const sign =
  (apply: (value: Value) => Value) =>
  ({ target }: nodes.UnaryOp, visit: Visit): Code => {
    const { run, constant: fixed } = visit(target);
    // A literal with a sign stays a literal.
    return typeof fixed === 'number' ? constant(apply(fixed)) : always((context) => apply(run(context)));
  };

function compare({ expr, ops }: nodes.Compare, visit: Visit): Code {
  const first = visit(expr);
  const chain = ops.map((op) => ({
    holds: row(comparisons, op.type) ?? refuse(op, `${op.type} is not allowed`),
    operand: visit(op.expr),
  }));
  return always((context) => {
    let left = first.run(context);
    return chain.every(({ holds, operand }) => {
      const right = operand.run(context);
      const result = holds(left, right);
      left = right;
      return result;
    });
  });
}

function concat(a: Value, b: Value): string {
  const [left, right] = [text(a), text(b)];
  fits(left.length + right.length);
  return left + right;
}

const eachOf = <T, R>(table: Readonly<Record<string, T>>, make: (entry: T) => R): Record<string, R> =>
  Object.fromEntries(Object.entries(table).map(([name, entry]) => [name, make(entry)]));

/** Every kind of expression that is allowed, by the name of its node. */
export const expressions: Rules = {
  ...calls,
  ...eachOf(binary, operator),
  ...eachOf(unary, sign),
  And: connective((left) => !left),
  Array: list((items) => items),
  Compare: compare,
  Concat: operator(concat),
  Group: list((items) => Tuple.from(items) as Tuple),
  InlineIf: inlineIf,
  Literal: ({ value }: nodes.Literal) => constant(value as Value),
  LookupVal: lookup,
  Not: sign((value) => !truth(value)),
  Or: connective((left) => left),
  Symbol: ({ value }: nodes.Symbol) => demanding((context) => (value === 'obj' ? context.obj : undefined), value),
};
