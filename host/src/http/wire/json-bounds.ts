import { Refusal } from './refusal';

const deepest = 32;
const mostKeys = 1000;
const longest = 64 * 1024;
const forbidden = new Set(['__proto__', 'constructor', 'prototype']);

/**
 * Refuses a parsed body that is nested too deep, holds too many names or too long a text (of a list, each item has names
 * of its own), or a name that could reach a
 * prototype. JSON.parse keeps `__proto__` as an own name, however it was escaped, so none can slip through.
 */
export function checkBounds(body: unknown): void {
  let keys = 0;
  const items = Array.isArray(body) ? body : [body];
  const visit = (value: unknown, depth: number): void => {
    if (typeof value === 'string') {
      if (value.length > longest) refuse(`A text is longer than ${longest} characters.`);
      return;
    }
    if (typeof value !== 'object' || value === null) return;
    if (depth > deepest) refuse(`The body is nested deeper than ${deepest} levels.`);
    if (Array.isArray(value)) {
      for (const item of value) visit(item, depth + 1);
      return;
    }
    for (const key of Object.keys(value)) {
      keys += 1;
      if (keys > mostKeys) refuse(`The body has more than ${mostKeys} names.`);
      if (forbidden.has(key)) refuse(`The name "${key}" is not allowed.`);
      if (key.length > longest) refuse(`A text is longer than ${longest} characters.`);
      visit((value as Record<string, unknown>)[key], depth + 1);
    }
  };
  for (const item of items) {
    keys = 0;
    visit(item, Array.isArray(body) ? 2 : 1);
  }
}

function refuse(detail: string): never {
  throw new Refusal('malformed', detail);
}
