import type { ConstraintFault } from './constraints/parse';
import { contextOf, grantAllows } from './decide';
import type { Grant } from './grants';
import { imagesOf, type Image } from './images';
import type { Decision, DecisionRequest } from './policy';

/** A decision, and what each permission of that action and type says to it. Holds no value of a row. */
export interface PermissionExplanation extends Decision {
  readonly candidates: readonly CandidateExplanation[];
}

/** What one permission says to a request. */
export interface CandidateExplanation {
  readonly id: string;
  readonly permission: string;
  /** `unreadable`: its constraints were stored past the grammar, and allow nothing. */
  readonly result: 'allowed' | 'outside' | 'disabled' | 'unreadable';
  readonly faults: readonly ConstraintFault[];
  readonly images: readonly ImageExplanation[];
}

/** What one permission says to one state of the row. */
export interface ImageExplanation {
  readonly image: Image['name'];
  readonly allowed: boolean;
  /** For each alternative of the constraint, the clauses that failed, as they were written. */
  readonly failed: readonly (readonly string[])[];
}

/** Explains a decision by the permissions of its kind; superusers need none, so they may have no candidates. */
export function explainDecision(
  request: DecisionRequest,
  decision: Decision,
  candidates: readonly Grant[],
): PermissionExplanation {
  return { ...decision, candidates: candidates.map((grant) => explainGrant(grant, request)) };
}

function explainGrant(grant: Grant, request: DecisionRequest): CandidateExplanation {
  const { permission, faults, constraint, predicate } = grant;
  const about = { id: permission.id, permission: permission.name, faults };
  if (faults.length > 0) return { ...about, result: 'unreadable', images: [] };
  const context = contextOf(request);
  const images = imagesOf(request).map((image) => {
    const allowed = grantAllows(grant, image, context);
    const failed = allowed ? [] : (predicate?.failures(image.row, context, image.related) ?? []);
    return { image: image.name, allowed, failed };
  });
  const meets = images.length === 0 ? constraint === undefined : images.every(({ allowed }) => allowed);
  const result = permission.enabled === true ? (meets ? 'allowed' : 'outside') : 'disabled';
  return { ...about, result, images };
}
