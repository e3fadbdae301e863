import { permissionType, type Action, type Principal } from '../../domain/access';
import type { AnyRow } from '../../domain/descriptor';
import { Forbidden, InvalidInput } from '../../domain/failures';
import type { Rows } from '../../domain/ports';
import { compileGrants, type Permission } from '../../permissions/grants';
import { createObjectPolicy } from '../../permissions/object-policy';
import { judge, type ExplainingPolicy } from '../../permissions/related';
import { guardPermission } from '../../writes/guards';
import type { HttpServices } from '../services';
import type { TestBody } from './body';
import { mean } from './mean';

/** The policy that answers, whether it is a draft's, and whether the user has what is tested. */
export interface Tested {
  readonly policy: ExplainingPolicy;
  readonly isDraft: boolean;
  readonly isGiven: (user: Principal) => boolean;
}

const cannotSee = 'You may not view every permission of this user; name one of those that you may change.';

/** What is to be tested: everything that the user has, one stored permission, or a draft, as if it were given. */
export async function testedOf(
  services: HttpServices,
  principal: Principal,
  {
    user,
    rows,
    permission,
  }: { readonly user: Principal; readonly rows: Rows; readonly permission: TestBody['permission'] },
): Promise<Tested> {
  const alone = (one: Permission): ExplainingPolicy =>
    createObjectPolicy(() => compileGrants([one], (name) => rows.types.targets.get(name)));
  const see = (action: Action, before: AnyRow) =>
    judge(services.policy, rows, { principal, action, type: permissionType, before });
  if (permission === undefined) {
    // The answer names every permission of the user.
    for (const one of user.permissions ?? []) if (!(await see('view', one)).allowed) throw new Forbidden(cannotSee);
    return { policy: services.policy, isDraft: false, isGiven: () => true };
  }
  if ('id' in permission) {
    const stored = await mean(services, principal, { type: permissionType, field: 'permission', input: permission });
    if (!(await see('change', stored)).allowed) throw new Forbidden();
    const isGiven = ({ permissions = [] }: Principal) => permissions.some(({ id }) => id === stored.id);
    return { policy: alone(stored as unknown as Permission), isDraft: false, isGiven };
  }
  const whole = { ...permission, id: '', enabled: true };
  const faults = guardPermission({ principal, rows, before: undefined, after: whole });
  if (faults) throw new InvalidInput(faults);
  return { policy: alone(whole as Permission), isDraft: true, isGiven: () => true };
}
