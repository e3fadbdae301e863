/**
 * Folds case for searching and comparing: Unicode's full upper case, then lower case, so that `ß` meets `SS` and the
 * two small sigmas meet. One algorithm on every engine; no normalisation, no locale.
 */
export function fold(text: string): string {
  return text.toUpperCase().toLowerCase();
}

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
