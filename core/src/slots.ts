/** What a rendered parameter may contain; each name is a row of {@link slots}. */
export type Slot = 'env-name' | 'path' | 'url-path' | 'json-key';

/** The rules of one slot; each gives a message, or undefined for a good value. Messages never quote the value. */
export interface SlotRule {
  /** Whether Nautobot reports the fault about the whole object (`__all__`) or about the field. */
  readonly scope: 'field' | 'whole';
  /** What can be told of a template before it is rendered. */
  readonly template?: (stored: string) => string | undefined;
  readonly rendered: (value: string) => string | undefined;
}

// Controls, and the format characters that reorder or hide text: bidirectional marks, zero-width, the byte order mark.
const hidden = /[\p{Cc}\p{Cs}\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/u;
type Check = readonly [isBad: (value: string) => boolean, message: string];

const plain: readonly Check[] = [
  [(value) => hidden.test(value), 'Control and formatting characters are not allowed'],
  [(value) => value.length > 4096, 'Longer than 4096 characters'],
];
// The two texts are those of Nautobot's text-file provider.
const absolute: readonly Check[] = [
  [(value) => !value.startsWith('/'), 'Path must be an absolute path, not a relative one'],
  [(value) => value.includes('..'), 'Illegal character sequence in path'],
];
const segments = (path: string) => path.replace(/^\/|\/$/g, '').split('/');
const urlPath: readonly Check[] = [
  [(value) => value.includes('%'), 'Percent-encoding is not allowed; write the path as it is'],
  [(value) => /[?#\\;]/.test(value), 'The characters ? # \\ ; are not allowed in a path'],
  [(value) => segments(value).some((s) => /^\.{0,2}$/.test(s)), 'Empty and dot segments are not allowed in a path'],
];
const aName = /^[A-Za-z_]\w*$/;
const name: readonly Check[] = [[(v) => !aName.test(v), 'Must be a variable name: letters, digits and _']];

const firstOf = (checks: readonly Check[]) => (value: string) => checks.find(([isBad]) => isBad(value))?.[1];

/** The slot rules by name. */
export const slots: Record<Slot, SlotRule> = {
  'env-name': { scope: 'field', rendered: firstOf(name) },
  path: { scope: 'whole', template: firstOf(absolute), rendered: firstOf([...absolute, ...plain]) },
  'url-path': { scope: 'field', rendered: firstOf([...plain, ...urlPath]) },
  'json-key': { scope: 'field', rendered: firstOf(plain) },
};
