import type { RecordOf } from '../records/record-kinds';
import { groupBy, idOf, settle, type PlanContext } from './context';
import type { TagStep } from './steps';

/** Tags; until 2.5 they stood elsewhere. */
export async function* planTags(context: PlanContext): AsyncGenerator<TagStep> {
  const { records } = context.catalogue;
  const tags = records.all('tag');
  for (const tag of tags.length > 0 ? tags : records.all('old-tag')) {
    const { id, isNew } = await settle(context, tag, 'tag', { slug: tag.slug, name: tag.name });
    const {
      color = '',
      description = '',
      created,
      last_updated,
    }: Partial<RecordOf<'tag'>> = tag.kind === 'tag' ? tag : {};
    const { pk: number, name, slug } = tag;
    if (isNew) yield { kind: 'tag', id, number, name, slug, color, description, created, last_updated };
  }
}

const untagged = ['dcim.device', 'virtualization.virtualmachine', 'secrets.secretrole'];

/** The ids of the tags of each secret, by its number; tells of tags on what has none here. */
export function tagsOfSecrets(context: PlanContext): ReadonlyMap<number, readonly string[]> {
  const { records } = context.catalogue;
  const isNew = records.all('tag').length > 0;
  const items = isNew ? records.all('tagged-item') : records.all('old-tagged-item');
  const onSecrets = items.filter(({ content_type: type }) => records.typeName(type) === 'secrets.secret');
  for (const of of untagged)
    if (items.some(({ content_type: type }) => records.typeName(type) === of))
      context.tally.find({ code: 'columns-left', of, pk: undefined, detail: 'tags' });
  const idsOf = (all: typeof onSecrets) =>
    all.flatMap(({ tag, object_id: pk }) => {
      const id = idOf(context, records.find(isNew ? 'tag' : 'old-tag', tag));
      if (id === undefined) context.tally.find({ code: 'link-lost', of: 'secret', pk, detail: `tag ${String(tag)}` });
      return id ?? [];
    });
  const bySecret = groupBy(onSecrets, ({ object_id: secret }) => secret);
  return new Map([...bySecret].map(([secret, all]) => [secret, [...new Set(idsOf(all))]]));
}
