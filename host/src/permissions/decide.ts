import { matchContext, type MatchContext } from './constraints/conditions';
import { namesOf, type Grant, type GrantSet } from './grants';
import { imagesOf, type Image } from './images';
import type { Decision, DecisionRequest } from './policy';

/** Decides by what was granted, without a look at who asks. */
export function decideBy({ active, refusal }: GrantSet, request: DecisionRequest): Decision {
  if (active.length === 0) return refusal;
  const images = imagesOf(request);
  if (images.length === 0) return active.find(({ constraint }) => constraint === undefined)?.decision ?? refusal;
  const context = contextOf(request);
  if (request.rendered) {
    for (const grant of active) if (images.every((image) => grantAllows(grant, image, context))) return grant.decision;
    return refusal;
  }
  const by: Grant[] = [];
  for (const image of images) {
    const one = firstThatAllows(active, image, context);
    if (!one) return refusal;
    by.push(one);
  }
  const [first, second = first] = by;
  if (first && first === second) return first.decision;
  return { allowed: true, rule: namesOf(by.map(({ permission }) => permission)) };
}

function firstThatAllows(grants: readonly Grant[], image: Image, context: MatchContext): Grant | undefined {
  for (const grant of grants) if (grantAllows(grant, image, context)) return grant;
  return undefined;
}

/** Whether one permission allows one image; one that could not be read allows none. */
export function grantAllows(grant: Grant, { row, related }: Image, context: MatchContext): boolean {
  if (grant.predicate) return grant.predicate.matches(row, context, related);
  return grant.constraint === undefined && grant.faults.length === 0;
}

/** What the images of a request are matched with. */
export function contextOf({ principal }: DecisionRequest): MatchContext {
  return matchContext(principal);
}
