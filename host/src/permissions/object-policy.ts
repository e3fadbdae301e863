import type { Action, Principal } from '../domain/access';
import type { TypeDescriptor } from '../domain/descriptor';
import type { RelationPath } from './constraints/predicate';
import { decideBy } from './decide';
import { explainDecision, type PermissionExplanation } from './explain';
import type { Grant, Grants } from './grants';
import type { Decision, DecisionRequest, Policy } from './policy';

/** The policy of object permissions. */
export interface ObjectPolicy extends Policy {
  /** The relations that a decision on a row of the type looks through: `related` of the request must hold them. */
  relations(principal: Principal, action: Action, type: TypeDescriptor): readonly RelationPath[];
  /** The relations that an explanation looks through: those of every permission of the kind, counting or not. */
  relationsOfAll(principal: Principal, action: Action, type: TypeDescriptor): readonly RelationPath[];
  /** The decision, and what each permission of the kind says to it; mostly asked by way of `explained`. */
  explain(request: DecisionRequest): PermissionExplanation;
}

const superuser: Decision = { allowed: true, rule: 'superuser' };
const system: Decision = { allowed: true, rule: 'system' };

/**
 * Default deny; what is allowed, an enabled permission of that action and type allows. Only the flag makes a superuser.
 * A change is allowed when each image is, by whichever permissions, as in Django. A use is allowed when *one* permission
 * allows both the stored and the rendered parameters: two that each cover a half were never meant as a way from one to
 * the other. A question about no row needs a permission without constraints.
 */
export function createObjectPolicy(grantsOf: (principal: Principal) => Grants): ObjectPolicy {
  const decide = (request: DecisionRequest): Decision => {
    const { principal } = request;
    if (principal.isSuperuser === true) return principal.id === undefined ? system : superuser;
    return decideBy(grantsOf(principal).of(request.action, request.type), request);
  };
  return {
    decide,
    scope(principal, action, type) {
      if (principal.isSuperuser === true) return { kind: 'all' };
      const { active, unrestricted, union } = grantsOf(principal).of(action, type);
      if (active.length === 0) return { kind: 'none' };
      if (unrestricted) return { kind: 'all' };
      return { kind: 'constraint', constraint: union, user: { id: principal.id, name: principal.name } };
    },
    relations(principal, action, type) {
      if (principal.isSuperuser === true) return [];
      const { active, unrestricted } = grantsOf(principal).of(action, type);
      if (unrestricted) return [];
      return pathsOf(active);
    },
    relationsOfAll(principal, action, type) {
      return principal.isSuperuser === true ? [] : pathsOf(grantsOf(principal).of(action, type).candidates);
    },
    explain(request) {
      const { principal, action, type } = request;
      const skips = principal.isSuperuser === true;
      return explainDecision(request, decide(request), skips ? [] : grantsOf(principal).of(action, type).candidates);
    },
  };
}

function pathsOf(grants: readonly Grant[]): readonly RelationPath[] {
  const paths = grants.flatMap(({ predicate }) => predicate?.relations ?? []);
  return [...new Map(paths.map((path) => [path.join('__'), path])).values()];
}
