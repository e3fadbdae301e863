import { accessEntry, type NewAccessEntry } from '../../host/src/domain/audit';

/** An access record of a time, that tells of nothing else. */
export function entryAt(time: string, more: Partial<NewAccessEntry> = {}): NewAccessEntry {
  return accessEntry({ user: null, action: null, decision: null, outcome: null, time, duration_us: 1, ...more });
}

/** An access record that tells much, with characters that are hard to keep. */
export const tellingEntry: NewAccessEntry = {
  time: '2026-11-24T21:27:15.123Z',
  user_id: '0f8fad5b-d9cb-469f-a165-70867728950e',
  user: 'admin',
  action: 'use',
  secret_id: null,
  secret: `Router's "enable" \\ password é 🔑`,
  secrets_group_id: null,
  secrets_group: null,
  access_type: 'SSH',
  secret_type: 'password',
  object_id: null,
  object_type: 'dcim.device',
  object: 'csr1',
  provider: 'text-file',
  decision: 'allowed',
  rule: 'superuser',
  outcome: 'ok',
  duration_us: 1234,
  request_id: null,
  address: '192.0.2.7',
};
