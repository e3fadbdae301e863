import type { Action } from '../domain/access';
import type { Constraint } from '../domain/constraint';
import type { TypeDescriptor } from '../domain/descriptor';
import { parseConstraints, type ConstraintFault } from './constraints/parse';
import { compilePredicate, type Predicate } from './constraints/predicate';
import type { TypesByName } from './constraints/relations';
import type { Decision } from './policy';

/** What a stored object permission says. */
export interface Permission {
  readonly id: string;
  readonly name: string;
  readonly enabled: boolean;
  /** Names of types, such as `extras.secret`. */
  readonly object_types: readonly string[];
  readonly actions: readonly string[];
  /** The JSON of the constraints; null, and nothing else, is unrestricted. */
  readonly constraints: unknown;
}

/** One permission, for rows of one type. */
export interface Grant {
  readonly permission: Permission;
  /** Undefined where it is unrestricted, or does not count. */
  readonly constraint: Constraint | undefined;
  readonly predicate: Predicate | undefined;
  /** The decision where this one permission allows. */
  readonly decision: Decision;
  /** What keeps constraints that were stored past the grammar from being read; such a grant allows nothing. */
  readonly faults: readonly ConstraintFault[];
}

/** What a principal was granted for one action on one type. */
export interface GrantSet {
  /** Every permission of the kind, those that do not count too. */
  readonly candidates: readonly Grant[];
  /** Those that count. */
  readonly active: readonly Grant[];
  readonly unrestricted: boolean;
  /** The constraints of the active ones as one; the same object at each call. */
  readonly union: Constraint;
  /** The decision where none allows. */
  readonly refusal: Decision;
}

/** Everything that a principal was granted, compiled as it is asked for. */
export interface Grants {
  of(action: Action, type: TypeDescriptor): GrantSet;
}

/** Reads the permissions of one principal, its own and those of its groups; to be kept until one of them changes. */
export function compileGrants(permissions: readonly Permission[], types: TypesByName): Grants {
  const ofTypes = new Map<TypeDescriptor, (action: Action) => GrantSet>();
  return {
    of(action, type) {
      let ofType = ofTypes.get(type);
      if (!ofType) ofTypes.set(type, (ofType = grantsOnType(permissions, type, types)));
      return ofType(action);
    },
  };
}

function grantsOnType(permissions: readonly Permission[], type: TypeDescriptor, types: TypesByName) {
  const sets = new Map<Action, GrantSet>();
  const grants = permissions
    .filter(({ object_types }) => object_types.includes(type.name))
    .map((permission) => readGrant(permission, type, types));
  return (action: Action): GrantSet => {
    let set = sets.get(action);
    if (!set) {
      const candidates = grants.filter(({ permission }) => permission.actions.includes(action));
      sets.set(action, (set = setOf(type, candidates)));
    }
    return set;
  };
}

function readGrant(permission: Permission, type: TypeDescriptor, types: TypesByName): Grant {
  const parsed = parseConstraints(permission.constraints, type, types);
  const decision = { allowed: true, rule: namesOf([permission]) };
  const about = { permission, decision, constraint: undefined, predicate: undefined, faults: [] };
  if ('faults' in parsed) return { ...about, faults: parsed.faults };
  const { constraint } = parsed;
  return { ...about, constraint, predicate: constraint && compilePredicate(constraint, type, types) };
}

function setOf(type: TypeDescriptor, candidates: readonly Grant[]): GrantSet {
  const active = candidates.filter(({ permission, faults }) => permission.enabled === true && faults.length === 0);
  const names = namesOf(active.map(({ permission }) => permission));
  return {
    candidates,
    active,
    unrestricted: active.some(({ constraint }) => constraint === undefined),
    union: { type: type.name, any: active.flatMap(({ constraint }) => constraint?.any ?? []) },
    refusal: { allowed: false, rule: active.length === 0 ? 'no permission' : `outside the constraints of ${names}` },
  };
}

// The rule is kept with each read, in a column of 255 characters.
const maxNames = 200;

/** The names of permissions as a rule says them: as many as there is room for. */
export function namesOf(permissions: readonly Permission[]): string {
  const [first = '', ...others] = new Set(permissions.map(({ name }) => name));
  let text = [...first].slice(0, maxNames).join('');
  for (const [i, name] of others.entries()) {
    if (text.length + name.length > maxNames) return `${text} and ${others.length - i} more`;
    text += `, ${name}`;
  }
  return text;
}
