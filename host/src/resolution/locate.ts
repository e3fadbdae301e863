import { randomUUID } from 'node:crypto';
import type { Action, Principal } from '../domain/access';
import type { AnyRow, TypeDescriptor } from '../domain/descriptor';
import { Forbidden, InvalidInput, NotFound } from '../domain/failures';
import { relatedNotFound } from '../domain/messages';
import { objectType, type InventoryObject } from '../domain/inventory';
import {
  associationType,
  secretsGroupType,
  secretType,
  type Secret,
  type SecretsGroup,
  type Slot,
} from '../domain/secrets';
import type { Decision, DecisionRequest, Policy } from '../permissions/policy';
import { withRelated } from '../permissions/related';
import type { Definitions } from './definitions';
import type { ObjectReference, ReadContext, Target } from './target';

/** The rows that a read is about, and what was decided on them; `refusal` is the answer where it ends here. */
export interface Located {
  readonly principal: Principal;
  readonly action: Action;
  readonly secret: Secret | undefined;
  readonly group: SecretsGroup | undefined;
  readonly slot: Slot | undefined;
  readonly object: InventoryObject | undefined;
  readonly decision: Decision;
  /** What was decided on the secret, to be asked again of its rendered parameters. */
  readonly request: DecisionRequest | undefined;
  readonly refusal: Error | undefined;
}

const absent: Decision = { allowed: false, rule: 'no such row' };

/** An id that no row has. */
const nowhere = randomUUID();

// Read about as a row that is there is, so that the time tells nothing of which one is.
function standInFor({ fields }: TypeDescriptor): AnyRow {
  const row: Record<string, unknown> = {};
  for (const name in fields) {
    const kind = fields[name]?.kind;
    if (kind === 'reference') row[name] = nowhere;
    if (kind === 'references') row[name] = [nowhere];
  }
  return { ...row, id: nowhere };
}

/**
 * Finds the rows of a read and decides on the stored parameters. What is absent and what may not be seen are refused
 * alike: as not found, or as forbidden where the principal has no permission of that kind at all.
 */
export async function locate(
  { definitions, policy }: { readonly definitions: Definitions; readonly policy: Policy },
  principal: Principal,
  action: Action,
  target: Target,
  context: ReadContext,
): Promise<Located> {
  const ask = async (doing: Action, type: TypeDescriptor, row: AnyRow | undefined) => {
    const before = row ?? standInFor(type);
    const request = await withRelated(policy, definitions.related, { principal, action: doing, type, before });
    return row ? { request, decision: policy.decide(request) } : { request: undefined, decision: absent };
  };
  const hidden = (doing: Action, type: TypeDescriptor): Error =>
    policy.scope(principal, doing, type).kind === 'none' ? new Forbidden() : new NotFound();

  const object = context.object && (await findObject(definitions, context.object));
  const seen = !context.object || (await ask('view', objectType, object)).decision.allowed;
  const shown = seen ? object : undefined;
  // Data that is no row of the inventory could say anything of itself, so it takes a right of its own.
  const free = context.obj === undefined || policy.decide({ principal, action: 'use', type: objectType }).allowed;
  const unseen = !seen
    ? new InvalidInput({ object: [relatedNotFound({ ...context.object })] })
    : free
      ? undefined
      : new Forbidden('You may not stand in data of your own for an object.');

  if ('secret' in target) {
    const secret = await definitions.get(secretType, { id: target.secret });
    const asked = await ask(action, secretType, secret);
    const refusal = asked.decision.allowed ? unseen : hidden(action, secretType);
    const { request, decision } = asked;
    // Written out: objects put together by several spreads cost a quarter of a read.
    return { principal, action, secret, group: undefined, slot: undefined, object: shown, decision, request, refusal };
  }
  const { slot } = target;
  const group = await definitions.get(secretsGroupType, { id: target.group });
  const viewing = await ask('view', secretsGroupType, group);
  if (!group || !viewing.decision.allowed) {
    const refusal = hidden('view', secretsGroupType);
    const none = { secret: undefined, request: undefined };
    return { principal, action, ...none, group, slot, object: shown, decision: viewing.decision, refusal };
  }
  const by = { secrets_group: group.id, access_type: slot.accessType, secret_type: slot.secretType };
  const association = await definitions.get(associationType, by);
  const secret = await definitions.get(secretType, { id: association?.secret ?? nowhere });
  const { request, decision } = await ask(action, secretType, secret);
  return { principal, action, secret, group, slot, object: shown, decision, request, refusal: unseen };
}

function findObject(definitions: Definitions, reference: ObjectReference): Promise<InventoryObject | undefined> {
  if ('id' in reference) return definitions.get(objectType, { id: reference.id });
  return definitions.get(objectType, { object_type: reference.object_type, name: reference.name });
}
