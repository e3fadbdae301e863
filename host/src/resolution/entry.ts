import { SecretAccessDeniedError } from '@latchkey/core';
import type { NewAccessEntry } from '../domain/audit';
import type { Decision } from '../permissions/policy';
import type { Located } from './locate';
import type { ReadContext } from './target';

/** The record of one read: who, what, for which object, decided how, with what outcome. No value, no parameter. */
export function entryOf(
  located: Located,
  { decision, failure }: { readonly decision: Decision; readonly failure?: Error },
  milliseconds: number,
  { requestId, address }: Pick<ReadContext, 'requestId' | 'address'> = {},
): NewAccessEntry {
  const { principal, action, secret, group, slot, object, refusal } = located;
  const allowed = decision.allowed && !refusal && !(failure instanceof SecretAccessDeniedError);
  return {
    time: timeNow(),
    user_id: principal.id ?? null,
    user: principal.name,
    action,
    secret_id: secret?.id ?? null,
    secret: secret?.name ?? null,
    secrets_group_id: group?.id ?? null,
    secrets_group: group?.name ?? null,
    access_type: slot?.accessType ?? null,
    secret_type: slot?.secretType ?? null,
    object_id: object?.id ?? null,
    object_type: object?.object_type ?? null,
    object: object?.name ?? null,
    provider: secret?.provider ?? null,
    decision: allowed ? 'allowed' : 'denied',
    rule: decision.rule,
    outcome: failure ? outcomeOf(failure) : 'ok',
    duration_us: Math.round(milliseconds * 1000),
    request_id: requestId ?? null,
    address: address || null,
  };
}

let latest = Number.NaN;
let text = '';

/** The time as text, which is made once a millisecond. */
function timeNow(): string {
  const now = Date.now();
  if (now !== latest) text = new Date((latest = now)).toISOString();
  return text;
}

/** The code of a typed failure, the class of any other; never a text. */
function outcomeOf(failure: Error): string {
  const { code } = failure as { code?: unknown };
  return typeof code === 'string' ? code : failure.name;
}
