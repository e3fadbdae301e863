import type * as nodes from 'nunjucks/src/nodes';
import type { TemplateContext } from './context';
import { TemplateRenderError, TemplateSyntaxError } from './errors';
import { isHidden } from './grammar/nodes';
import { filters } from './library/filters';
import { methods } from './library/methods';
import { arrange, type Formal, type Routine } from './library/signature';
import { tests } from './library/tests';
import { bounded, fits, limits, spend } from './limits';
import { binary, comparisons, unary } from './python/operators';
import { points, slice } from './python/text';
import { asCount, isList, member, text, truth, Tuple, typeName, type Value } from './python/values';

type Evaluate = (context: TemplateContext) => Value;
type Render = (context: TemplateContext) => string;

/** An expression as closures: one that demands a value, and one that lets it be missing. */
interface Code {
  readonly run: Evaluate;
  readonly maybe: (context: TemplateContext) => Value | undefined;
  /** What the expression is about, for messages. */
  readonly path?: string | undefined;
  readonly constant?: Value;
}

const always = (run: Evaluate, path?: string): Code => ({ run, maybe: run, path });
const nothing = () => '';
const constant = (value: Value): Code => ({ ...always(() => value), constant: value });

function demanding(maybe: Code['maybe'], path: string, about = path): Code {
  const run: Evaluate = (context) => {
    const value = maybe(context);
    if (value === undefined) throw new TemplateRenderError(`${path} is undefined`, about);
    return value;
  };
  return { run, maybe, path: about };
}

/** Turns a parsed template into closures. What is not named here is refused, in a branch that is never taken too. */
export function compile(root: nodes.NodeList): Render {
  return new Compiler().block(root);
}

class Compiler {
  #nodes = 0;
  #depth = 0;

  block(list: nodes.NodeList): Render {
    const parts = list.children.map((node) => this.#visit(node, (it) => this.#statement(it)));
    return (context) => {
      let out = '';
      for (const part of parts) out = bounded(out + (typeof part === 'string' ? part : part(context)));
      return out;
    };
  }

  #statement(node: nodes.Node): string | Render {
    if (node.typename === 'Output') return this.#output((node as nodes.Output).children[0] as nodes.Node);
    if (node.typename === 'If') return this.#if(node as nodes.If);
    return refuse(node, `${node.typename} is not allowed`);
  }

  #output(node: nodes.Node): string | Render {
    if (node.typename === 'TemplateData') return (node as nodes.TemplateData).value;
    const { run, path } = this.#expression(node);
    return (context) => {
      try {
        return text(run(context), path);
      } catch (error) {
        throw located(error, path);
      }
    };
  }

  #if({ cond, body, else_ }: nodes.If): Render {
    const { run } = this.#expression(cond);
    const then = this.block(body as nodes.NodeList);
    const otherwise = else_ ? this.#else(else_) : nothing;
    return (context) => (truth(run(context)) ? then(context) : otherwise(context));
  }

  #else(node: nodes.Node): Render {
    // An elif is an `if` in the place of the else.
    return node.typename === 'If'
      ? this.#visit(node, (it) => this.#if(it as nodes.If))
      : this.block(node as nodes.NodeList);
  }

  #expression(node: nodes.Node): Code {
    return this.#visit(node, (it) => {
      const rule = Object.hasOwn(this.#rules, it.typename) ? this.#rules[it.typename] : undefined;
      if (rule) return rule(it as never);
      const operator = Object.hasOwn(binary, it.typename) ? binary[it.typename] : undefined;
      if (operator) return this.#binary(it as nodes.BinOp, operator);
      return refuse(it, `${it.typename} is not allowed`);
    });
  }

  readonly #rules: Readonly<Record<string, (node: never) => Code>> = {
    Literal: ({ value }: nodes.Literal) => constant(value as Value),
    Symbol: ({ value }: nodes.Symbol) => demanding((context) => (value === 'obj' ? context.obj : undefined), value),
    LookupVal: (node: nodes.LookupVal) => this.#lookup(node),
    Group: ({ children }: nodes.Group) => this.#list(children, (items) => Tuple.from(items) as Tuple),
    Array: ({ children }: nodes.Array) => this.#list(children, (items) => items),
    InlineIf: (node: nodes.InlineIf) => this.#inlineIf(node),
    And: (node: nodes.BinOp) => this.#binaryLazy(node, (left, right) => (truth(left) ? right() : left)),
    Or: (node: nodes.BinOp) => this.#binaryLazy(node, (left, right) => (truth(left) ? left : right())),
    Not: ({ target }: nodes.Not) => this.#unary(target, (value) => !truth(value)),
    Neg: ({ target }: nodes.UnaryOp) => this.#unary(target, unary['Neg'] as (value: Value) => Value),
    Pos: ({ target }: nodes.UnaryOp) => this.#unary(target, unary['Pos'] as (value: Value) => Value),
    Compare: (node: nodes.Compare) => this.#compare(node),
    Concat: (node: nodes.BinOp) => this.#binary(node, (a, b) => concat(text(a), text(b))),
    Is: (node: nodes.Is) => this.#is(node),
    Filter: (node: nodes.Filter) => this.#filter(node),
    FunCall: (node: nodes.FunCall) => this.#method(node),
  };

  #lookup({ target, val }: nodes.LookupVal): Code {
    const base = this.#expression(target);
    if (val.typename === 'Slice') return this.#slice(base, val as nodes.Node & Slice);
    const isName = val.typename === 'Symbol';
    const key = isName ? constant((val as nodes.Symbol).value) : this.#expression(val);
    if (typeof key.constant === 'string' && isHidden(key.constant)) refuse(val, 'This name is not allowed');
    const path = (base.path ?? '(…)') + step(key.constant, isName);
    const fixed = key.constant;
    if (fixed !== undefined) return demanding((context) => member(base.run(context), fixed), path);
    return demanding((context) => member(base.run(context), key.run(context)), path);
  }

  #slice(base: Code, { start, stop, step: by }: Slice): Code {
    const bounds = [start, stop, by].map((node) => (node ? this.#expression(node) : constant(null)));
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

  #list(children: readonly nodes.Node[], make: (items: Value[]) => Value): Code {
    const items = children.map((child) => this.#expression(child));
    return always((context) => {
      spend(items.length);
      return make(items.map(({ run }) => run(context)));
    });
  }

  #inlineIf({ cond, body, else_ }: nodes.InlineIf): Code {
    const [condition, then] = [this.#expression(cond), this.#expression(body)];
    // Without an else Jinja2 gives a value that is missing and yet may be written: nothing.
    const otherwise: Code = else_ ? this.#expression(else_) : { run: nothing, maybe: () => undefined };
    return {
      run: (context) => (truth(condition.run(context)) ? then : otherwise).run(context),
      maybe: (context) => (truth(condition.run(context)) ? then : otherwise).maybe(context),
    };
  }

  #binary({ left, right }: nodes.BinOp, apply: (a: Value, b: Value) => Value): Code {
    const [a, b] = [this.#expression(left), this.#expression(right)];
    return always((context) => apply(a.run(context), b.run(context)));
  }

  #binaryLazy({ left, right }: nodes.BinOp, apply: (left: Value, right: () => Value) => Value): Code {
    const [a, b] = [this.#expression(left), this.#expression(right)];
    return always((context) => apply(a.run(context), () => b.run(context)));
  }

  #unary(target: nodes.Node, apply: (value: Value) => Value): Code {
    const { run, constant: fixed } = this.#expression(target);
    // A literal with a sign stays a literal.
    return typeof fixed === 'number' ? constant(apply(fixed)) : always((context) => apply(run(context)));
  }

  #compare({ expr, ops }: nodes.Compare): Code {
    const first = this.#expression(expr);
    const chain = ops.map((op) => {
      const holds = Object.hasOwn(comparisons, op.type) ? comparisons[op.type] : undefined;
      return { holds: holds ?? refuse(op, `${op.type} is not allowed`), operand: this.#expression(op.expr) };
    });
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

  #is({ left, right }: nodes.Is): Code {
    const { name, args } = right as nodes.FunCall;
    const word = (name as nodes.Symbol).value;
    const subject = this.#expression(left);
    if (word === 'defined' || word === 'undefined') {
      this.#arguments(name, [], args.children);
      return always((context) => (subject.maybe(context) === undefined) === (word === 'undefined'));
    }
    const test = tests.get(word) ?? refuse(name, `There is no test ${word}`);
    return always(applied(subject.run, test.apply, this.#arguments(name, test.formals, args.children)));
  }

  #filter({ name, args }: nodes.Filter): Code {
    const word = (name as nodes.Symbol).value;
    const [operand, ...rest] = args.children;
    const subject = this.#expression(operand as nodes.Node);
    if (word === 'default' || word === 'd') return this.#default(name, subject, rest);
    const filter = filters.get(word) ?? refuse(name, `There is no filter ${word}`);
    const maybe = applied(subject.run, filter.apply, this.#arguments(name, filter.formals, rest));
    return demanding(maybe, `${subject.path ?? '(…)'} | ${word}`, subject.path);
  }

  #default(name: nodes.Node, { maybe, path }: Code, rest: readonly nodes.Node[]): Code {
    const formals: Formal[] = [
      ['default_value', ''],
      ['boolean', false],
    ];
    const [otherwise, isStrict] = this.#arguments(name, formals, rest) as [Code, Code];
    return always((context) => {
      const value = maybe(context);
      if (value === undefined || (truth(isStrict.run(context)) && !truth(value))) return otherwise.run(context);
      return value;
    }, path);
  }

  #method({ name, args, ...at }: nodes.FunCall): Code {
    const { target, val } = name as nodes.LookupVal;
    const isMethod = name.typename === 'LookupVal' && val.typename === 'Symbol';
    const word = isMethod ? (val as nodes.Symbol).value : '';
    const method = methods.get(word);
    if (!method) return refuse(isMethod ? val : (at as nodes.Node), 'Calls are not allowed, except of string methods');
    const subject = this.#expression(target);
    const onText: Evaluate = (context) => {
      const value = subject.run(context);
      if (typeof value === 'string') return value;
      throw new TemplateRenderError(
        `${subject.path ?? '(…)'} is ${typeName(value)} and has no ${word}()`,
        subject.path,
      );
    };
    return always(
      applied(onText, method.apply as Apply<Value>, this.#arguments(val, method.formals, args.children)),
      subject.path,
    );
  }

  #arguments(name: nodes.Node, formals: readonly Formal[], children: readonly nodes.Node[]): Code[] {
    const named = new Map<string, Code>();
    const positional: Code[] = [];
    for (const child of children) {
      if (child.typename !== 'KeywordArgs') positional.push(this.#expression(child));
      else for (const pair of (child as nodes.KeywordArgs).children) this.#named(pair as nodes.Pair, named);
    }
    const args = arrange(formals, positional, named, constant);
    return typeof args === 'string' ? refuse(name, `${(name as nodes.Symbol).value} ${args}`) : args;
  }

  #named({ key, value }: nodes.Pair, named: Map<string, Code>): void {
    const word = (key as nodes.Symbol).value;
    if (key.typename !== 'Symbol' || named.has(word)) refuse(key, 'Expected the name of an argument, once');
    named.set(word, this.#expression(value));
  }

  #visit<T>(node: nodes.Node, make: (node: nodes.Node) => T): T {
    if (++this.#nodes > limits.nodes) refuse(node, `The template has more than ${limits.nodes} parts`);
    if (++this.#depth > limits.depth) refuse(node, 'The template is nested too deeply');
    const made = make(node);
    this.#depth--;
    return made;
  }
}

interface Slice {
  readonly start: nodes.Node | null;
  readonly stop: nodes.Node | null;
  readonly step: nodes.Node | null;
}

type Apply<Result> = Routine<Value, Result>['apply'];

function refuse(node: nodes.Node, message: string): never {
  throw new TemplateSyntaxError(message, node.lineno + 1, node.colno + 1);
}

/** A call with its arguments; the usual ones are constants and are made once. */
function applied<R>(subject: Evaluate, apply: Apply<R>, args: readonly Code[]): (context: TemplateContext) => R {
  const fixed = args.map((arg) => arg.constant);
  if (fixed.includes(undefined)) return (context) => apply(subject(context), ...args.map(({ run }) => run(context)));
  const [a, b, ...more] = fixed as Value[];
  if (a === undefined) return (context) => apply(subject(context));
  if (b === undefined) return (context) => apply(subject(context), a);
  if (more.length === 0) return (context) => apply(subject(context), a, b);
  return (context) => apply(subject(context), a, b, ...more);
}

function concat(a: string, b: string): string {
  fits(a.length + b.length);
  return a + b;
}

/** One step of a path as it is written; a computed key is not shown, since it may come from the object. */
function step(key: Value | undefined, isName: boolean): string {
  if (isName) return `.${key as string}`;
  if (typeof key === 'string') return `[${JSON.stringify(key)}]`;
  return typeof key === 'number' ? `[${key}]` : '[…]';
}

/** The error, told what it is about when it does not know yet. */
function located(error: unknown, path: string | undefined): unknown {
  if (!(error instanceof TemplateRenderError) || error.path !== undefined || path === undefined) return error;
  return new TemplateRenderError(`${path}: ${error.message}`, path);
}
