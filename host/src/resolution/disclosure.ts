import type { Principal } from '../domain/access';
import { secretType, type Secret } from '../domain/secrets';
import type { Rows } from '../domain/ports';
import type { Policy } from '../permissions/policy';
import { judge } from '../permissions/related';

/** Who may change a secret may see what its templates render to; everybody else sees the templates. */
export async function mayChange(
  { policy, definitions }: { readonly policy: Policy; readonly definitions: Rows },
  principal: Principal,
  secret: Secret,
): Promise<boolean> {
  return (await judge(policy, definitions, { principal, action: 'change', type: secretType, before: secret })).allowed;
}
