// No text of PostgreSQL holds NUL, or half a pair of surrogates.
const unheld = /\0|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

/** The text as PostgreSQL can hold it; what it cannot is replaced, so that a difference tells that there was any. */
export function heldText(text: string): string {
  return text.replace(unheld, '\ufffd');
}
