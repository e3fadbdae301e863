import { Node } from 'nunjucks/src/nodes';

/** `[start:stop:step]`, which nunjucks' own grammar has only in a patch of its runtime. */
export const Slice = Node.extend('Slice', { fields: ['start', 'stop', 'step'] });

/** Names that lead from data to the machinery of JavaScript; the copy of an object has none of them, and no template may ask. */
export const isHidden = (name: string): boolean => /^(?:__|constructor$|prototype$)/.test(name);
