import { LatchkeyError, SecretError } from '@latchkey/core';
import type { Action, Principal } from '../../domain/access';
import type { AnyRow, TypeDescriptor } from '../../domain/descriptor';
import { objectType, type InventoryObject } from '../../domain/inventory';
import type { Rows } from '../../domain/ports';
import { secretType, type Secret } from '../../domain/secrets';
import type { PermissionExplanation } from '../../permissions/explain';
import type { DecisionRequest } from '../../permissions/policy';
import { explained, judge } from '../../permissions/related';
import type { HttpServices } from '../services';
import type { Tested } from './tested';

/** What is asked of the policy. */
export interface Question {
  readonly user: Principal;
  readonly action: Action;
  readonly type: TypeDescriptor;
  readonly row: AnyRow;
  readonly rows: Rows;
  readonly object: AnyRow | undefined;
}

/** Whether a user may do it, and what each permission says; never yes where a read would be refused. */
export async function answerTo(
  services: HttpServices,
  tested: Tested,
  { user, action, type, row, rows, object }: Question,
): Promise<PermissionExplanation> {
  const { rendered, failure } = action === 'use' || action === 'check' ? render(services, type, row, object) : {};
  const image = action === 'add' ? { after: row } : { before: row };
  const request: DecisionRequest = { principal: user, action, type, ...image, ...(rendered && { rendered }) };
  const answer = await explained(tested.policy, rows, request);
  const refused = (rule: string): PermissionExplanation => ({ ...answer, allowed: false, rule });
  if (!answer.allowed) return answer;
  if (!user.isSuperuser && !tested.isGiven(user)) return refused('not given to the user');
  if (failure !== undefined) return refused(`parameters: ${failure}`);
  if (!object) return answer;
  const view = await judge(services.policy, rows, {
    principal: user,
    action: 'view',
    type: objectType,
    before: object,
  });
  return view.allowed ? answer : refused(`view on the object: ${view.rule}`);
}

/** What the parameters become, as a read would have them; nothing for rows that have none. */
function render({ rendering }: HttpServices, type: TypeDescriptor, row: AnyRow, object: AnyRow | undefined) {
  if (type !== secretType) return {};
  try {
    return { rendered: rendering.render(row as unknown as Secret, object as InventoryObject | undefined) };
  } catch (error) {
    if (!(error instanceof LatchkeyError)) throw error;
    return { failure: error instanceof SecretError ? error.detail : error.message };
  }
}
