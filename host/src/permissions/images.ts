import type { AnyRow } from '../domain/descriptor';
import type { RelatedRows } from './constraints/predicate';
import type { DecisionRequest } from './policy';

/** One state of the row that a decision is about. */
export interface Image {
  readonly name: 'before' | 'after' | 'rendered';
  readonly row: AnyRow;
  readonly related: RelatedRows | undefined;
}

/** Every state that must be allowed; none where the question is about no row. */
export function imagesOf({ before, after, rendered, related }: DecisionRequest): Image[] {
  const images: Image[] = [];
  if (before) images.push({ name: 'before', row: before, related: related?.before });
  if (before && rendered) {
    images.push({ name: 'rendered', row: { ...before, parameters: rendered }, related: related?.before });
  }
  if (after) images.push({ name: 'after', row: after, related: related?.after });
  return images;
}
