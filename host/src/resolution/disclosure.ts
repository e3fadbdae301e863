import type { Principal } from '../domain/access';
import { secretType, type Secret } from '../domain/secrets';
import type { Rows } from '../domain/ports';
import type { Policy } from '../permissions/policy';
import { judge } from '../permissions/related';

interface Parts {
  readonly policy: Policy;
  readonly definitions: Rows;
}

/** Who may change a secret may see what its templates render to; everybody else sees the templates. */
export async function mayChange(
  { policy, definitions }: Parts,
  principal: Principal,
  secret: Secret,
): Promise<boolean> {
  return (await judge(policy, definitions, { principal, action: 'change', type: secretType, before: secret })).allowed;
}

/** Who may not view a secret, and yet use or check it, is not told where it lives. */
export async function mayView({ policy, definitions }: Parts, principal: Principal, secret: Secret): Promise<boolean> {
  return (await judge(policy, definitions, { principal, action: 'view', type: secretType, before: secret })).allowed;
}
