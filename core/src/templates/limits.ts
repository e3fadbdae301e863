import { TemplateRenderError } from './errors';

/** The bounds of one template and of one render. */
export const limits = {
  /** Characters of a template's source. */
  source: 4096,
  /** Nesting of a template's expressions and blocks. */
  depth: 40,
  /** Nodes of a parsed template. */
  nodes: 400,
  /** List items that one render may make or walk through. */
  steps: 5000,
  /** UTF-16 units of any text that a render makes. */
  text: 8192,
  /** Bits of an integer; what is left always fits a float. */
  bits: 1000,
  /** Characters of a number in a template's source. */
  digits: 240,
  /** Values and nesting of the copy of an object. */
  values: 5000,
  levels: 8,
  /** Parsed templates that are kept. */
  cached: 1000,
} as const;

let left = 0;

/** Gives the next render its whole budget; a render is synchronous, so one counter serves all. */
export function refill(): void {
  left = limits.steps;
}

/** Takes the work on `count` items from the budget of the render. */
export function spend(count: number): void {
  left -= count;
  if (left < 0) throw new TemplateRenderError('The template takes too many steps');
}

/** Refuses a text before it is made. */
export function fits(length: number): void {
  if (length > limits.text) throw new TemplateRenderError(`A text is longer than ${limits.text} characters`);
}

/** Gives a text back when it is not too long. */
export function bounded(text: string): string {
  if (text.length > limits.text) fits(text.length);
  return text;
}
