import type * as nodes from 'nunjucks/src/nodes';
import type { TemplateContext } from '../context';
import { TemplateRenderError } from '../errors';
import { filters } from '../library/filters';
import { methods } from '../library/methods';
import { arrange, type Formal, type Routine } from '../library/signature';
import { tests } from '../library/tests';
import { truth, typeName, type Value } from '../python/values';
import { always, constant, demanding, pathOf, refuse, type Code, type Evaluate, type Rules, type Visit } from './code';

const wordOf = (node: nodes.Node): string => (node as nodes.Symbol).value;

/** The arguments as code, in the order of the formals. */
function argumentsOf(name: nodes.Node, formals: readonly Formal[], given: readonly nodes.Node[], visit: Visit): Code[] {
  const named = new Map<string, Code>();
  const positional: Code[] = [];
  for (const node of given) {
    if (node.typename !== 'KeywordArgs') positional.push(visit(node));
    else
      for (const { key, value } of (node as nodes.KeywordArgs).children as nodes.Pair[]) {
        if (key.typename !== 'Symbol' || named.has(wordOf(key))) refuse(key, 'Expected the name of an argument, once');
        named.set(wordOf(key), visit(value));
      }
  }
  const args = arrange(formals, positional, named, constant);
  return typeof args === 'string' ? refuse(name, `${wordOf(name)} ${args}`) : args;
}

/** A call with its arguments; the usual ones are constants and are made once. */
function applied<R>(
  subject: Evaluate,
  apply: Routine<Value, R>['apply'],
  args: readonly Code[],
): (context: TemplateContext) => R {
  const fixed = args.map((arg) => arg.constant);
  if (fixed.includes(undefined)) return (context) => apply(subject(context), ...args.map(({ run }) => run(context)));
  const [a, b, ...more] = fixed as Value[];
  if (a === undefined) return (context) => apply(subject(context));
  if (b === undefined) return (context) => apply(subject(context), a);
  if (more.length === 0) return (context) => apply(subject(context), a, b);
  return (context) => apply(subject(context), a, b, ...more);
}

function test({ left, right }: nodes.Is, visit: Visit): Code {
  const { name, args } = right as nodes.FunCall;
  const word = wordOf(name);
  const subject = visit(left);
  if (word === 'defined' || word === 'undefined') {
    argumentsOf(name, [], args.children, visit);
    return always((context) => (subject.maybe(context) === undefined) === (word === 'undefined'));
  }
  const found = tests.get(word) ?? refuse(name, `There is no test ${word}`);
  return always(applied(subject.run, found.apply, argumentsOf(name, found.formals, args.children, visit)));
}

const defaultFormals: readonly Formal[] = [
  ['default_value', ''],
  ['boolean', false],
];

/** The one filter that may be used on what is missing. */
function fallback(name: nodes.Node, { maybe, path }: Code, given: readonly nodes.Node[], visit: Visit): Code {
  const [otherwise, isStrict] = argumentsOf(name, defaultFormals, given, visit) as [Code, Code];
  return always((context) => {
    const value = maybe(context);
    if (value === undefined || (truth(isStrict.run(context)) && !truth(value))) return otherwise.run(context);
    return value;
  }, path);
}

function filter({ name, args }: nodes.Filter, visit: Visit): Code {
  const word = wordOf(name);
  const [operand, ...given] = args.children;
  const subject = visit(operand as nodes.Node);
  if (word === 'default' || word === 'd') return fallback(name, subject, given, visit);
  const found = filters.get(word) ?? refuse(name, `There is no filter ${word}`);
  const maybe = applied(subject.run, found.apply, argumentsOf(name, found.formals, given, visit));
  return { ...demanding(maybe, `${pathOf(subject)} | ${word}`, subject.path), path: subject.path };
}

function method(call: nodes.FunCall, visit: Visit): Code {
  const { target, val } = call.name as nodes.LookupVal;
  const isMethod = call.name.typename === 'LookupVal' && val.typename === 'Symbol';
  const found = isMethod ? methods.get(wordOf(val)) : undefined;
  if (!found) return refuse(isMethod ? val : call, 'Calls are not allowed, except of string methods');
  const subject = visit(target);
  const onText: Evaluate = (context) => {
    const value = subject.run(context);
    if (typeof value === 'string') return value;
    throw new TemplateRenderError(`${pathOf(subject)} is ${typeName(value)} and has no ${wordOf(val)}()`, subject.path);
  };
  // The subject is text now, which is what a method takes.
  const apply = found.apply as Routine<Value, Value>['apply'];
  return always(applied(onText, apply, argumentsOf(val, found.formals, call.args.children, visit)), subject.path);
}

/** Filters, tests and string methods: all that is ever called, by name from three closed tables. */
export const calls: Rules = { Filter: filter, FunCall: method, Is: test };
