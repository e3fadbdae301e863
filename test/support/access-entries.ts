import { accessEntryType, type NewAccessEntry } from '../../host/src/domain/audit';

/** An access record of a time, that tells of nothing else. */
export function entryAt(time: string, more: Partial<NewAccessEntry> = {}): NewAccessEntry {
  const empty = Object.fromEntries(Object.keys(accessEntryType.fields).map((name) => [name, null]));
  return { ...empty, time, duration_us: 1, ...more } as unknown as NewAccessEntry;
}
