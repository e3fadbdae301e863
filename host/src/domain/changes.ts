import type { Principal } from './access';
import { describeType, type AnyRow, type RowOf, type TypeDescriptor } from './descriptor';
import type { Transaction } from './ports';

/** Where a change came from. */
export interface Origin {
  /** The id of the request; absent where a program made the change. */
  readonly requestId?: string;
}

/** One change, as it is told inside its transaction: no `before` for a creation, no `after` for a removal. */
export interface Change {
  readonly principal: Principal;
  readonly type: TypeDescriptor;
  readonly before: AnyRow | undefined;
  readonly after: AnyRow | undefined;
  readonly origin: Origin;
}

/** Told of every change inside its transaction; what it throws undoes the change. */
export type ChangeListener = (change: Change, transaction: Transaction) => Promise<void>;

const word = (max: number) => ({ kind: 'text', max, nullable: true, readOnly: true }) as const;
const snapshot = { kind: 'json', nullable: true, readOnly: true, opaque: true } as const;

/**
 * One change of a definition. Names and ids are copied in, so that it outlives who made it and what it tells of; a
 * field of kind `secret` is never in it.
 */
export const objectChangeType = describeType({
  name: 'extras.objectchange',
  label: 'object change',
  table: 'extras_object_changes',
  folded: false,
  logged: false,
  fields: {
    id: { kind: 'id', readOnly: true },
    time: { kind: 'datetime', readOnly: true },
    user: { ...word(36), userId: true },
    user_name: word(150),
    request_id: word(64),
    action: word(10),
    changed_object_type: word(100),
    changed_object_id: word(36),
    related_object_type: word(100),
    related_object_id: word(36),
    change_context: word(50),
    change_context_detail: word(255),
    object_repr: { ...word(600), searchable: true },
    before: snapshot,
    after: snapshot,
    /** The names of the secret fields that changed. */
    secrets_changed: { kind: 'list', max: 100, mayBeEmpty: true, default: [], readOnly: true },
  },
  unique: [],
  order: ['-time'],
  display: 'id',
});

export type ObjectChange = RowOf<typeof objectChangeType>;
