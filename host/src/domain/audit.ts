import { describeType, type RowOf } from './descriptor';

const word = { kind: 'text', max: 255, nullable: true, readOnly: true } as const;

/**
 * One read of a value, or the refusal of one. Names and ids are copied in, so that an entry outlives what it tells of.
 * It holds no value and no rendered parameter.
 */
export const accessEntryType = describeType({
  name: 'audit.entry',
  label: 'access record',
  table: 'access_entries',
  folded: false,
  fields: {
    id: { kind: 'id', readOnly: true },
    number: { kind: 'number', unique: true, readOnly: true },
    time: { kind: 'datetime', readOnly: true },
    user_id: { ...word, userId: true },
    user: word,
    action: word,
    secret_id: word,
    secret: word,
    secrets_group_id: word,
    secrets_group: word,
    access_type: word,
    secret_type: word,
    object_id: word,
    object_type: word,
    object: word,
    provider: word,
    decision: word,
    rule: word,
    outcome: word,
    duration_us: { kind: 'number', readOnly: true },
    request_id: word,
    address: word,
  },
  unique: [],
  order: ['number'],
  display: 'id',
});

export type AccessEntry = RowOf<typeof accessEntryType>;

/** What is told of a read when it is recorded; the log adds identity. Reads of the host's own code have no address. */
export type NewAccessEntry = Omit<AccessEntry, 'id' | 'number' | 'address'> & Partial<Pick<AccessEntry, 'address'>>;

/** What must be told of a read; the rest is null where nothing is said, and the time is now. */
export type ToldRead = Pick<NewAccessEntry, 'user' | 'action' | 'decision' | 'outcome'> & Partial<NewAccessEntry>;

const silent = Object.fromEntries(
  Object.keys(accessEntryType.fields)
    .filter((name) => name !== 'id' && name !== 'number')
    .map((name) => [name, null]),
);

/** The entry of a read, whole. */
export function accessEntry(told: ToldRead): NewAccessEntry {
  return { ...silent, time: new Date().toISOString(), duration_us: 0, ...told } as NewAccessEntry;
}
