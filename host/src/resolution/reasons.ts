import type { Rows } from '../domain/ports';
import type { CandidateExplanation } from '../permissions/explain';
import type { DecisionRequest } from '../permissions/policy';
import { explained, type ExplainingPolicy } from '../permissions/related';

const states = { before: 'stored', after: 'stored', rendered: 'rendered' } as const;

/**
 * What keeps one permission from allowing: the lookups that failed, for each state of the row, as they were written;
 * `or` stands between the members of a list. Never a value. Empty where it allows.
 */
export function reasonOf({ result, faults, images }: CandidateExplanation): string {
  if (result === 'unreadable')
    return faults.map(({ path, message }) => (path ? `${path}: ${message}` : message)).join(' ');
  if (result === 'disabled') return 'It is not enabled.';
  return images
    .filter(({ allowed }) => !allowed)
    .map(({ image, failed }) => `${states[image]}: ${failed.map((clauses) => clauses.join(', ')).join(' or ')}`)
    .join('; ');
}

/** The rule of a refusal, and for each permission that counts what failed in it. */
export async function explainedRule(
  { policy, definitions }: { readonly policy: ExplainingPolicy; readonly definitions: Rows },
  request: DecisionRequest,
  rule: string,
): Promise<string> {
  const { candidates } = await explained(policy, definitions, request);
  const reasons = candidates
    .filter(({ result }) => result === 'outside')
    .map((candidate) => `${candidate.permission} (${reasonOf(candidate)})`);
  return reasons.length === 0 ? rule : `outside the constraints of ${reasons.join(', ')}`;
}
