import type * as nodes from 'nunjucks/src/nodes';
import type { TemplateContext } from '../context';
import { TemplateRenderError, TemplateSyntaxError } from '../errors';
import type { Value } from '../python/values';

export type Evaluate = (context: TemplateContext) => Value;

/** An expression as closures: one that demands a value, and one that lets it be missing. */
export interface Code {
  readonly run: Evaluate;
  readonly maybe: (context: TemplateContext) => Value | undefined;
  /** What the expression is about, for messages. */
  readonly path?: string | undefined;
  readonly constant?: Value;
}

/** Makes the code of an expression inside another. */
export type Visit = (node: nodes.Node) => Code;

/** How one kind of node becomes code; the node's type is known by the name of the row. */
export type Rules = Readonly<Record<string, (node: never, visit: Visit) => Code>>;

/** The path of what has none. */
export const pathOf = ({ path }: Code): string => path ?? '(…)';

/** Code that always gives a value. */
export const always = (run: Evaluate, path?: string): Code => ({ run, maybe: run, path });

/** Code that always gives the same value. */
export const constant = (value: Value): Code => ({ ...always(() => value), constant: value });

/** Code whose value may be missing: then `path` is undefined, and the error is about `subject`. */
export function demanding(maybe: Code['maybe'], path: string, subject: string | undefined = path): Code {
  const run: Evaluate = (context) => {
    const value = maybe(context);
    if (value === undefined) throw new TemplateRenderError(`${path} is undefined`, subject);
    return value;
  };
  return { run, maybe, path: subject };
}

/** Refuses a node where it stands. */
export function refuse(node: nodes.Node, message: string): never {
  throw new TemplateSyntaxError(message, node.lineno + 1, node.colno + 1);
}

/** The row of a table, never of its prototype. */
export const row = <T>(table: Readonly<Record<string, T>>, name: string): T | undefined =>
  Object.hasOwn(table, name) ? table[name] : undefined;
