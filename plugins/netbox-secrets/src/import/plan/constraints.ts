import type { Constraints } from './steps';

type Condition = Readonly<Record<string, unknown>>;

const isCondition = (value: unknown): value is Condition =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isEmpty = (condition: Condition): boolean => Object.keys(condition).length === 0;

/**
 * The constraints of a permission as NetBox understood them: none, one, or several of which one suffices. Undefined
 * where a list has no condition, or one that is empty: NetBox then let everything through, which nobody can have meant.
 */
export function readConstraints(json: unknown): Constraints | undefined {
  if (json === undefined || json === null || (isCondition(json) && isEmpty(json))) return null;
  if (isCondition(json)) return json;
  const isList = Array.isArray(json) && json.length > 0;
  return isList && json.every((one) => isCondition(one) && !isEmpty(one)) ? (json as Condition[]) : undefined;
}

/** Applies a change to each condition; none stays none. */
export function mapConstraints(constraints: Constraints, change: (condition: Condition) => Condition): Constraints {
  if (constraints === null) return null;
  return Array.isArray(constraints) ? constraints.map(change) : change(constraints as Condition);
}

const relationKinds: Readonly<Record<string, string>> = { role: 'role', tags: 'tag' };
const byNumber = /^(?:(role|tags)(?:_id|__id|__pk)?|id|pk)(__in)?$/;

/**
 * Puts ids for the numbers of NetBox, where a condition names roles, tags or the rows themselves by them. What it says
 * in other words stays as it is, for the host to judge.
 */
export function withIds(
  condition: Condition,
  kind: string,
  idFor: (kind: string, number: number) => string,
): Condition {
  const entries = Object.entries(condition).map(([key, value]): [string, unknown] => {
    const [whole, relation, many = ''] = byNumber.exec(key) ?? [];
    if (whole === undefined) return [key, value];
    const target = relation === undefined ? kind : (relationKinds[relation] ?? relation);
    const idOf = (number: unknown): unknown =>
      Number.isSafeInteger(Number(number)) ? idFor(target, Number(number)) : number;
    const ids = Array.isArray(value) ? value.map(idOf) : idOf(value);
    return [`${relation === undefined ? 'id' : `${relation}__id`}${many}`, ids];
  });
  return Object.fromEntries(entries);
}
