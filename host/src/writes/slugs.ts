import { randomBytes } from 'node:crypto';
import type { TypeDescriptor } from '../domain/descriptor';
import { slugify } from '../domain/fold';

const random = (): string => randomBytes(4).toString('hex');

/**
 * A slug for a name that is not taken: the name's own, or with -2, -3 and so on, or with random letters when those are
 * many. A name without a usable letter gives the type's label and random letters.
 */
export async function freeSlug(
  type: TypeDescriptor,
  name: string,
  taken: (slug: string) => Promise<boolean>,
): Promise<string> {
  const max = type.fields.slug?.max ?? 255;
  const base = slugify(name) || `${slugify(type.label)}-${random()}`;
  const suffixed = (suffix: string): string => `${base.slice(0, max - suffix.length).replace(/[-_]+$/, '')}${suffix}`;
  for (let number = 1; number <= 20; number += 1) {
    const slug = suffixed(number === 1 ? '' : `-${number}`);
    if (!(await taken(slug))) return slug;
  }
  return suffixed(`-${random()}`);
}
