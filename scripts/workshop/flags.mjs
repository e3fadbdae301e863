import { at } from './tree.mjs';

/** How Node runs the host: no text becomes code, and stacks name the sources. */
export const nodeFlags = ['--disallow-code-generation-from-strings', '--enable-source-maps'];

/** The host's entry. */
export const hostMain = at('host/dist/main.js');
