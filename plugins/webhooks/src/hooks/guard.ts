import type { AnyRow, FieldFaults, GuardedChange, HostAccess, Rows, TypeDescriptor } from '@latchkey/host/extend';
import type { Settings } from '../settings';
import type { Webhook } from '../types';
import { readHeaders } from './headers';
import { urlFault } from './target';

type Tellable = Pick<HostAccess, 'collections' | 'policy'>;

const typeForm = /^[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*$/;

/** The rule of webhooks: who makes or changes one may view all that it tells, and it tells nobody inside the network. */
export function createWebhookGuard(settings: Settings, host: () => Tellable | undefined) {
  return ({ principal, rows, after }: GuardedChange): FieldFaults | undefined => {
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
    const headers = readHeaders(hook.additional_headers);
    if ('fault' in headers) say('additional_headers', headers.fault);
    if (!hook.ssl_verification && !settings.allowInsecure)
      say('ssl_verification', 'Certificates are verified, unless the operator sets allow_insecure.');
    return Object.keys(faults).length > 0 ? faults : undefined;
  };
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
