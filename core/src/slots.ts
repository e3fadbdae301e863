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
const plain = (value: string) =>
  hidden.test(value)
    ? 'Control and formatting characters are not allowed'
    : value.length > 4096
      ? 'Longer than 4096 characters'
      : undefined;

// The two texts are those of Nautobot's text-file provider (nautobot.md 3).
const absolute = (value: string) =>
  value.startsWith('/') ? undefined : 'Path must be an absolute path, not a relative one';
const noDots = (value: string) => (value.includes('..') ? 'Illegal character sequence in path' : undefined);

const urlPath = (value: string): string | undefined => {
  let decoded: string;
  try {
    decoded = decodeURIComponent(value);
  } catch {
    return 'Not a valid URL path';
  }
  if (decoded !== value) return 'Percent-encoding is not allowed; write the path as it is';
  if (/[?#\\;]/.test(value)) return 'The characters ? # \\ ; are not allowed in a path';
  const segments = value.replace(/^\/|\/$/g, '').split('/');
  return segments.some((s) => s === '' || s === '.' || s === '..')
    ? 'Empty and dot segments are not allowed in a path'
    : undefined;
};

/** The slot rules by name. */
export const slots: Record<Slot, SlotRule> = {
  'env-name': {
    scope: 'field',
    rendered: (value) =>
      /^[A-Za-z_][A-Za-z0-9_]*$/.test(value)
        ? undefined
        : 'Must be a variable name: letters, digits and _, not a digit first',
  },
  path: {
    scope: 'whole',
    template: (stored) => absolute(stored) ?? noDots(stored),
    rendered: (v) => absolute(v) ?? noDots(v) ?? plain(v),
  },
  'url-path': { scope: 'field', rendered: (value) => plain(value) ?? urlPath(value) },
  'json-key': { scope: 'field', rendered: plain },
};
