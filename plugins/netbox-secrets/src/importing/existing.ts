import type { Rows } from '@latchkey/host/extend';
import type { Existing } from '../import/plan/context';
import { roleType } from '../types';
import { where } from '../service/rows';

type Kind = Parameters<Existing['find']>[0];

const typeNames: Readonly<Record<Kind, string>> = {
  group: 'auth.group',
  tag: 'extras.tag',
  role: roleType.name,
  object: 'inventory.object',
  'custom-field': 'extras.customfield',
};

/** What each kind goes by: each line a set of fields that rows are looked for by, the first that is found counts. */
const lookups: Readonly<Record<Kind, (by: Readonly<Record<string, string>>) => Readonly<Record<string, string>>[]>> = {
  group: ({ name = '' }) => [{ name }],
  tag: ({ slug = '', name = '' }) => [{ slug }, { name }],
  role: ({ slug = '', name = '' }) => [{ slug }, { name }],
  object: ({ object_type = '', name = '' }) => [{ object_type, name }],
  'custom-field': ({ name = '' }) => [{ key: name }],
};

/** What the plan asks about the rows of this host. */
export function existingIn(rows: Rows): Existing {
  async function first(typeName: string, by: Readonly<Record<string, string>>) {
    const type = rows.types.get(typeName);
    if (!type) return undefined;
    const filters = Object.entries(by).map(([field, value]) => where(field, value));
    const page = await rows.list(type, { scope: { kind: 'all' }, filters, limit: 1, offset: 0 });
    return page.rows[0] as { readonly id: string; readonly is_superuser?: unknown } | undefined;
  }

  return {
    async user(username) {
      const found = await first('users.user', { username });
      return found && { id: found.id, is_superuser: found.is_superuser === true };
    },
    async find(kind, by) {
      for (const lookup of lookups[kind](by)) {
        const found = await first(typeNames[kind], lookup);
        if (found) return found.id;
      }
      return undefined;
    },
  };
}
