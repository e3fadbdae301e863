/**
 * Folds case for searching and comparing: Unicode's full upper case, then lower case, then one small sigma, since the
 * lower case of a capital one depends on what follows it and a prefix must fold as it does in the whole. So `ß` meets
 * `SS`. One algorithm on every engine; no normalisation, no locale.
 */
export function fold(text: string): string {
  // The lower case of ASCII comes to the same, in half the time.
  if (onlyAscii.test(text)) return text.toLowerCase();
  return text.toUpperCase().toLowerCase().replaceAll('ς', 'σ');
}

const onlyAscii = /^[\x00-\x7f]*$/;

/** A slug for a name: ASCII letters, digits, `_` and `-`, as Django's slugify makes it. */
export function slugify(name: string): string {
  const ascii = name
    .normalize('NFKD')
    .replace(/[^\x20-\x7e]/g, '')
    .toLowerCase();
  return ascii
    .replace(/[^\w\s-]/g, '')
    .trim()
    .replace(/[-\s]+/g, '-')
    .replace(/^[-_]+|[-_]+$/g, '');
}
