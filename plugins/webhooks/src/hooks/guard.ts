import type { AnyRow, FieldFaults, GuardedChange, HostAccess, Rows, TypeDescriptor } from '@latchkey/host/extend';
import type { Settings } from '../settings';
import { deliveryType, type Webhook } from '../types';
import { readHeaders } from './headers';
import { urlFault } from './target';

type Tellable = Pick<HostAccess, 'collections' | 'policy'>;

const typeForm = /^[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*$/;

/** The rule of webhooks: who makes or changes one may view all that it tells, and it tells nobody inside the network. */
export function createWebhookGuard(settings: Settings, host: () => Tellable | undefined) {
  return async ({ principal, rows, before, after }: GuardedChange): Promise<FieldFaults | undefined> => {
    if (!after) return undefined;
    const hook = after as AnyRow & Webhook;
    const faults: Record<string, readonly string[]> = {};
    const say = (field: string, ...messages: readonly (string | undefined)[]): void => {
      const found = messages.filter((message) => message !== undefined);
      if (found.length > 0) faults[field] = found;
    };
    const open = host();
    say(
      'content_types',
      ...hook.content_types.map((name) => {
        const type = open && tellable(rows, open, name);
        if (!open || !type) return unknownType(name);
        if (open.policy.scope(principal, 'view', type).kind === 'all') return undefined;
        return `A webhook tells of every ${type.label}, and you may not view them all.`;
      }),
    );
    if (!hook.type_create && !hook.type_update && !hook.type_delete)
      say('__all__', 'You must select at least one type: create, update, and/or delete.');
    say('payload_url', urlFault(hook.payload_url, settings));
    const last = before as (AnyRow & Webhook) | undefined;
    if (last && last.payload_url !== hook.payload_url) {
      // Nobody has it sent to an address of their own who could not have read it.
      if (last.authorization !== null && last.authorization === hook.authorization)
        say('authorization', 'Give it again, or null: it was given for another payload_url.');
      const sees = (type: TypeDescriptor): boolean => open?.policy.scope(principal, 'view', type).kind === 'all';
      if (await waitsBeyond(rows, hook.id, sees))
        say('payload_url', 'Deliveries of rows that you may not view wait for the address before.');
    }
    const headers = readHeaders(hook.additional_headers);
    if ('fault' in headers) say('additional_headers', headers.fault);
    if (!hook.ssl_verification && !settings.allowInsecure)
      say('ssl_verification', 'Certificates are verified, unless the operator sets allow_insecure.');
    return Object.keys(faults).length > 0 ? faults : undefined;
  };
}

/** Whether the webhook has deliveries of rows of other types than these. */
async function waitsBeyond(rows: Rows, webhook: string, seen: (type: TypeDescriptor) => boolean): Promise<boolean> {
  const types = [...rows.types.targets.values()].filter(seen).map(({ name }) => name);
  const others = types.length > 0 ? [{ field: 'changed_object_type', values: types, negated: true }] : [];
  const filters = [{ field: 'webhook', values: [webhook] }, ...others];
  const page = await rows.list(deliveryType, { scope: { kind: 'all' }, filters, limit: 1, offset: 0 });
  return page.rows.length > 0;
}

/** The type of this name, if its changes can be told: REST shows all of its rows, and they are logged. */
function tellable(rows: Rows, { collections }: Tellable, name: string): TypeDescriptor | undefined {
  const type = rows.types.targets.get(name);
  const shown = collections.some((one) => one.type === type && one.owner === undefined && one.within === undefined);
  return shown && type?.logged !== false ? type : undefined;
}

function unknownType(name: string): string {
  return typeForm.test(name)
    ? `Invalid content type: ${name}`
    : "Invalid value. Specify a content type as '<app_label>.<model_name>'.";
}
