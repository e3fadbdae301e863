import type { Principal } from '../domain/access';
import { secretType, type Secret } from '../domain/secrets';
import type { Policy } from '../permissions/policy';

/** Who may change a secret may see what its templates render to; everybody else sees the templates. */
export function mayChange(policy: Policy, principal: Principal, secret: Secret): boolean {
  return policy.decide({ principal, action: 'change', type: secretType, before: secret }).allowed;
}
