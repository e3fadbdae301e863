import { LeastRecentlyUsed } from './cache';
import { compile } from './compile/compile';
import { isContext, passingContext, templateContext, type TemplateContext } from './context';
import { TemplateRenderError, TemplateSyntaxError } from './errors';
import { JinjaParser } from './grammar/parser';
import { limits, refill } from './limits';

export { passingContext, templateContext, TemplateRenderError, TemplateSyntaxError, type TemplateContext };

/** A parsed template; `render` gives Jinja2's text or throws a {@link TemplateRenderError}. */
export interface Template {
  readonly text: string;
  render(context: TemplateContext): string;
}

/** Whether a text holds a tag; any other text renders to itself. */
export const isTemplate = (text: string): boolean => /\{[{%#]/.test(text);

/** Parses a template, or gives the one parsed before; throws a {@link TemplateSyntaxError} with the position. */
export const parseTemplate = (text: string): Template => parsed.get(text, parse);

const parsed = new LeastRecentlyUsed<Template>(limits.cached);

function parse(text: string): Template {
  if (text.length > limits.source)
    throw new TemplateSyntaxError(`The template is longer than ${limits.source} characters`, 1, 1);
  // As Jinja2 does: one kind of line end, and none at the very end.
  const source = text.replace(/\r\n?/g, '\n').replace(/\n$/, '');
  const run = compile(new JinjaParser(source).parseAsRoot());
  return Object.freeze({
    text,
    render(context: TemplateContext): string {
      if (!isContext(context)) throw new TemplateRenderError('The context was not made by templateContext');
      refill();
      return run(context);
    },
  });
}
