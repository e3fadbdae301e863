import { noteType, tagType, type Note } from '../domain/annotations';
import type { AnyRow } from '../domain/descriptor';
import { keyOf } from '../domain/keys';
import { defineCollection, type Surroundings } from './collection';
import { naturalSlug } from './natural-slug';

/** The words that rows are marked with. */
export const tags = defineCollection({
  type: tagType,
  address: 'extras/tags',
  title: 'Tags',
  fields: ['content_types', 'number', 'name', 'slug', 'color', 'description', 'created', 'last_updated'],
  filters: ['id', 'number', 'content_types', 'name', 'slug', 'color', 'description', 'created', 'last_updated'],
  keys: ['name', 'slug'],
  naturalKey: ['name'],
});

/** All notes; one is written at the address of the row that it is about. */
export const notes = defineCollection({
  type: noteType,
  address: 'extras/notes',
  title: 'Notes',
  fields: ['assigned_object_type', 'assigned_object_id', 'user_name', 'note', 'user', 'created', 'last_updated'],
  filters: ['id', 'assigned_object_type', 'assigned_object_id', 'user', 'user_name', 'note', 'created', 'last_updated'],
  keys: [],
  naturalKey: ['id'],
  verbs: ['change', 'remove'],
  besideFields: { assigned_object: { kind: 'reference', nullable: true } },
  async beside(shown, around) {
    const written = shown as unknown as readonly Note[];
    const names = await namesOf(written, around);
    return written.map((note) => {
      const { assigned_object_type: type, assigned_object_id: id, user_name: user, created } = note;
      const name = names.get(keyOf(type, id));
      const [app = '', model = ''] = type.split('.');
      const time = created.replace('T', ' ').replace('Z', '+00:00');
      return {
        display: `${name ?? id} - ${created}`,
        natural_slug: naturalSlug([app, model, id, user, time], note.id),
        assigned_object: name !== undefined ? around.reference(type, id) : null,
      };
    });
  },
});

/** What the rows that notes are about are called, by type and id; of those that may be viewed. */
async function namesOf(
  written: readonly Note[],
  { definitions, viewer: { principal, policy } }: Surroundings,
): Promise<ReadonlyMap<string, string>> {
  const names = new Map<string, string>();
  for (const type of definitions.types.targets.values()) {
    const about = written.filter((note) => note.assigned_object_type === type.name);
    if (about.length === 0) continue;
    const values = [...new Set(about.map(({ assigned_object_id: id }) => id))];
    const filters = [{ field: 'id', values }];
    const scope = policy.scope(principal, 'view', type);
    const page = await definitions.list(type, { scope, filters, limit: values.length, offset: 0 });
    for (const row of page.rows as unknown as readonly AnyRow[])
      names.set(keyOf(type.name, row.id), String(row[type.display]));
  }
  return names;
}
