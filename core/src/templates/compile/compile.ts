import type * as nodes from 'nunjucks/src/nodes';
import type { TemplateContext } from '../context';
import { TemplateRenderError } from '../errors';
import { bounded, limits } from '../limits';
import { text, truth } from '../python/values';
import { refuse, row, type Code } from './code';
import { expressions } from './expressions';

type Render = (context: TemplateContext) => string;

/** Turns a parsed template into closures. What is not allowed is refused, in a branch that is never taken too. */
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
    const otherwise = else_ ? this.#else(else_) : undefined;
    return (context) => (truth(run(context)) ? then(context) : (otherwise?.(context) ?? ''));
  }

  #else(node: nodes.Node): Render {
    if (node.typename !== 'If') return this.block(node as nodes.NodeList);
    // An elif is an `if` in the place of the else.
    return this.#visit(node, (it) => this.#if(it as nodes.If));
  }

  #expression = (node: nodes.Node): Code =>
    this.#visit(node, (it) => {
      const rule = row(expressions, it.typename) ?? refuse(it, `${it.typename} is not allowed`);
      return rule(it as never, this.#expression);
    });

  #visit<T>(node: nodes.Node, make: (node: nodes.Node) => T): T {
    if (++this.#nodes > limits.nodes) refuse(node, `The template has more than ${limits.nodes} parts`);
    if (++this.#depth > limits.depth) refuse(node, 'The template is nested too deeply');
    const made = make(node);
    this.#depth--;
    return made;
  }
}

/** The error, told what it is about when it does not know yet. */
function located(error: unknown, path: string | undefined): unknown {
  if (!(error instanceof TemplateRenderError) || error.path !== undefined || path === undefined) return error;
  return new TemplateRenderError(`${path}: ${error.message}`, path);
}
