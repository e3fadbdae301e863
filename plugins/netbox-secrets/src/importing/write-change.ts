import type { Changes } from '@latchkey/host/extend';
import type { ChangeStep } from '../import/plan/steps';
import { byId } from '../service/rows';
import { typeNamed } from './write-row';

const image = (value: unknown): unknown => (typeof value === 'object' ? value : null);

/** Keeps a line of NetBox's change log as it was, unless it is there; whether it was kept. */
export async function writeChange({ transaction }: Changes, step: ChangeStep): Promise<boolean> {
  const type = typeNamed(transaction, 'extras.objectchange');
  if (await byId(transaction, type, step.id)) return false;
  const { id, time, user = null, user_name, request_id, action, changed_object_type, changed_object_id } = step;
  await transaction.insert(type, {
    id,
    time,
    user,
    user_name,
    request_id,
    action,
    changed_object_type,
    changed_object_id,
    object_repr: step.object_repr,
    before: image(step.before),
    after: image(step.after),
    secrets_changed: [],
  } as never);
  return true;
}
