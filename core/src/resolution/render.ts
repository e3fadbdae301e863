import { isTemplate, parseTemplate, passingContext, TemplateSyntaxError, type TemplateContext } from '../templates';
import type { ParameterFault } from '../parameters';

type About = { readonly obj?: unknown; readonly context?: TemplateContext | undefined };

/** Renders every template among the parameters; what is not text passes through. The object is copied at most once. */
export function renderAll(parameters: Readonly<Record<string, unknown>>, about: About): Record<string, unknown> {
  const rendered: Record<string, unknown> = {};
  let context = about.context;
  for (const name of Object.keys(parameters)) {
    const value = parameters[name];
    if (typeof value === 'string' && isTemplate(value)) {
      context ??= passingContext(about.obj);
      rendered[name] = parseTemplate(value).render(context);
    } else rendered[name] = value;
  }
  return rendered;
}

/** The faults of templates that cannot be parsed, or use what is not allowed. */
export function syntaxFaults(parameters: unknown): ParameterFault[] {
  return Object.entries(parameters ?? {}).flatMap(([parameter, value]) => {
    if (typeof value !== 'string' || !isTemplate(value)) return [];
    try {
      parseTemplate(value);
      return [];
    } catch (error) {
      if (!(error instanceof TemplateSyntaxError)) throw error;
      return [{ parameter, message: error.message, scope: 'field' as const }];
    }
  });
}
