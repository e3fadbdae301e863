const plain = (part: string): string =>
  // What is ASCII already needs no look at every character.
  (/^[\x20-\x7e]*$/.test(part) ? part : part.normalize('NFKD').replace(/[^\x20-\x7e]/g, ''))
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');

/** Nautobot's natural slug: the parts in letters and digits alone, and the first four digits of the id. */
export function naturalSlug(parts: readonly string[], id: string): string {
  return [...parts.map(plain), id.slice(0, 4)].join('_');
}
