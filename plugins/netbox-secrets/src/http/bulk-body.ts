import type { ApiRequest } from '@latchkey/host/extend';
import { InvalidInput, InvalidRows, NotFound, Refusal, type FieldFaults } from '@latchkey/host/extend';
import { idFilter } from './references';
import type { Shape } from './shape';
import { membersOf, pythonType } from './text';

/** One item of a list that changes or removes rows: which row, and the whole item. */
export interface BulkItem {
  readonly key: string;
  readonly body: Readonly<Record<string, unknown>>;
}

const most = 1000;

function keyIn(id: unknown): { readonly key: string } | { readonly fault: string } {
  if (id === undefined) return { fault: 'This field is required.' };
  if (id === null) return { fault: 'This field may not be null.' };
  const key = typeof id === 'number' || typeof id === 'string' ? String(id).trim() : '';
  return idFilter(key) || /^-?\d+$/.test(key) ? { key } : { fault: 'A valid integer is required.' };
}

/**
 * The items of a list that a request brings, each row once: of one that comes again the last item counts. What is no
 * list is refused as each version does it; 2.9 had no such lists.
 */
export function bulkItems(
  { body }: ApiRequest,
  { shape, method }: { readonly shape: Shape; readonly method: 'PUT' | 'PATCH' | 'DELETE' },
): readonly BulkItem[] {
  if (!Array.isArray(body)) {
    if (shape === '2.9')
      throw new Refusal('method-not-allowed', `Method "${method}" not allowed.`, { Allow: 'GET, POST, HEAD, OPTIONS' });
    throw new InvalidInput({
      non_field_errors: [`Expected a list of items but got type "${pythonType(body ?? {})}".`],
    });
  }
  if (body.length > most) throw new InvalidInput({ non_field_errors: [`A list has at most ${most} items.`] });
  const items = new Map<string, BulkItem>();
  const faults = body.map((one: unknown): FieldFaults => {
    const members = membersOf(one);
    if ('fault' in members) return { non_field_errors: [members.fault] };
    const id = keyIn(members.value.id);
    if ('fault' in id) return { id: [id.fault] };
    items.set(id.key, { key: id.key, body: members.value });
    return {};
  });
  if (faults.some((one) => Object.keys(one).length > 0)) throw new InvalidRows(faults);
  return [...items.values()];
}

/** Each item with its row; items of rows that are not there, or not for this user, are passed over, as in NetBox. */
export async function withRows<Row>(
  items: readonly BulkItem[],
  find: (key: string) => Promise<Row>,
): Promise<{ readonly row: Row; readonly body: BulkItem['body'] }[]> {
  const found = [];
  for (const { key, body } of items) {
    try {
      found.push({ row: await find(key), body });
    } catch (error) {
      if (!(error instanceof NotFound)) throw error;
    }
  }
  return found;
}
