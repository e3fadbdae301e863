import { objectChangeType, type Change, type ChangeListener } from '../domain/changes';
import type { AnyRow, Field, NewRowOf, TypeDescriptor } from '../domain/descriptor';
import type { Rows, Transaction } from '../domain/ports';
import { associationType, secretsGroupType, secretType, type Association } from '../domain/secrets';
import { timeOrderedIds } from './time-ordered-id';

type NewObjectChange = NewRowOf<typeof objectChangeType>;

/** Writes every change down in its own transaction: none is ever kept without its record, nor a record without it. */
export function createChangeLog({ now = () => new Date() }: { readonly now?: () => Date } = {}): ChangeListener {
  const nextId = timeOrderedIds(() => now().getTime());
  return async (change, transaction) => {
    const keep = async (one: Change, context: string): Promise<void> => {
      const entry = await entryOf(one, context, transaction);
      await transaction.insert(objectChangeType, { id: nextId(), time: now().toISOString(), ...entry });
    };
    const context = contextOf(change);
    await keep(change, context);
    if (change.type === associationType && !change.before)
      for (const touched of await filled(change, transaction)) await keep(touched, context);
  };
}

/** As in Nautobot, filling a slot is told of its secret and its group too, whose own fields stay. */
async function filled({ after, ...change }: Change, transaction: Transaction): Promise<Change[]> {
  const { secret, secrets_group: group } = after as unknown as Association;
  const touched = [
    [secretType, (await transaction.get(secretType, { id: secret })) as AnyRow | undefined],
    [secretsGroupType, (await transaction.get(secretsGroupType, { id: group })) as AnyRow | undefined],
  ] as const;
  return touched.flatMap(([type, row]) => (row ? [{ ...change, type, before: row, after: row }] : []));
}

async function entryOf(
  { principal, type, before, after, origin }: Change,
  context: string,
  rows: Rows,
): Promise<Omit<NewObjectChange, 'id' | 'time'>> {
  const row = (after ?? before) as AnyRow;
  const [relatedType = null, relatedId = null] = wholeOf(type, row);
  return {
    user: principal.id ?? null,
    user_name: principal.name,
    request_id: origin.requestId ?? null,
    action: !before ? 'create' : after ? 'update' : 'delete',
    changed_object_type: type.name,
    changed_object_id: row.id,
    related_object_type: relatedType,
    related_object_id: relatedId,
    change_context: origin.requestId === undefined ? 'orm' : 'web',
    change_context_detail: context,
    object_repr: [...(await reprOf(type, row, rows))].slice(0, 600).join(''),
    before: before ? snapshotOf(type, before) : null,
    after: after ? snapshotOf(type, after) : null,
    secrets_changed: secretFields(type).filter((name) => (before?.[name] ?? null) !== (after?.[name] ?? null)),
  };
}

/** Nautobot's name of the view that a change came through: `extras-api:secret-detail`. */
function contextOf({ type, before, origin }: Change): string {
  const [app, model] = type.name.split('.');
  return origin.requestId === undefined ? '' : `${app}-api:${model}-${before ? 'detail' : 'list'}`;
}

function secretFields({ fields }: TypeDescriptor): string[] {
  return Object.keys(fields).filter((name) => fields[name]?.kind === 'secret');
}

/** A row without what must never be read again. */
function snapshotOf({ fields }: TypeDescriptor, row: AnyRow): Record<string, unknown> {
  return Object.fromEntries(Object.entries(row).filter(([name]) => fields[name] && fields[name].kind !== 'secret'));
}

/** What a row is a part of, or is about. */
function wholeOf({ fields, about }: TypeDescriptor, row: AnyRow): [type?: string, id?: string] {
  if (about) return [String(row[about.type]), String(row[about.id])];
  const part = Object.entries<Field>(fields).find(([, { onDelete }]) => onDelete === 'cascade');
  return part ? [part[1].target ?? '', String(row[part[0]])] : [];
}

async function reprOf(type: TypeDescriptor, row: AnyRow, rows: Rows): Promise<string> {
  if (type !== associationType) return String(row[type.display]);
  const { secrets_group, access_type, secret_type, secret } = row as unknown as Association;
  const group = await rows.get(secretsGroupType, { id: secrets_group });
  const held = await rows.get(secretType, { id: secret });
  return `${group?.name ?? secrets_group}: ${access_type} ${secret_type}: ${held?.name ?? secret}`;
}
