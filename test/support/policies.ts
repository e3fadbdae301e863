import type { Policy } from '../../host/src/permissions/policy';

/** Superusers and the host itself may do everything, nobody else anything: for tests that are about something else. */
export const administratorsOnly: Policy = {
  scope: ({ isSuperuser }) => ({ kind: isSuperuser ? 'all' : 'none' }),
  decide: ({ principal }) => {
    if (!principal.isSuperuser) return { allowed: false, rule: 'no permission' };
    return { allowed: true, rule: principal.id === undefined ? 'system' : 'superuser' };
  },
};
