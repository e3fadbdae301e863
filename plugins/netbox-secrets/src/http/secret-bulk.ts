import type { ApiRequest, Handler } from '@latchkey/host/extend';
import { InvalidInput } from '@latchkey/host/extend';
import type { Store } from '../store';
import { guarded } from './answers';
import type { secretTools } from './secret-tools';
import { membersOf } from './text';

type Tools = ReturnType<typeof secretTools>;

const most = 1000;

function listIn({ body }: ApiRequest): readonly { readonly id: string; readonly body: unknown }[] {
  if (!Array.isArray(body))
    throw new InvalidInput({ non_field_errors: ['Expected a list of items but got type "dict".'] });
  if (body.length > most) throw new InvalidInput({ non_field_errors: [`A list has at most ${most} items.`] });
  return body.map((one: unknown) => {
    const members = membersOf(one);
    const id = 'value' in members ? members.value.id : undefined;
    if (typeof id !== 'number' && typeof id !== 'string') throw new InvalidInput({ id: ['This field is required.'] });
    return { id: String(id), body: one };
  });
}

/** Changes many secrets, all or none. */
export function changeMany({ secrets }: Store, tools: Tools, partial: boolean): Handler {
  const { allowed, demanded, found, read, written, told } = tools;
  return guarded(async (request) => {
    const keyring = await allowed(request, 'change');
    if (!partial) demanded(keyring);
    const bodies = [];
    const items: Parameters<Store['secrets']['update']>[1][number][] = [];
    for (const { id, body } of listIn(request)) {
      const row = await found(request, 'change', id);
      const one = await read(request, body, partial);
      bodies.push(one);
      items.push({ id: row.id, input: one.input, ...(one.plaintext && { plaintext: one.plaintext }) });
    }
    const options = { partial: true, keyring, requestId: request.requestId };
    const rows = await told(request, () => secrets.update(request.principal, items, options));
    return { status: 200, body: await written(request, rows, bodies) };
  });
}

/** Removes many secrets, all or none. */
export function removeMany({ secrets }: Store, { allowed, found }: Tools): Handler {
  return guarded(async (request) => {
    await allowed(request, 'delete');
    const ids = [];
    for (const { id } of listIn(request)) ids.push((await found(request, 'delete', id)).id);
    await secrets.remove(request.principal, ids, request.requestId);
    return { status: 204 };
  });
}
