import { groupBy, idOf, settle, type PlanContext } from './context';
import type { TagStep } from './steps';

/** Tags; until 2.5 they stood elsewhere. */
export async function* planTags(context: PlanContext): AsyncGenerator<TagStep> {
  const { records } = context.catalogue;
  const tags = records.all('tag');
  for (const tag of tags.length > 0 ? tags : records.all('old-tag')) {
    const { id, isNew } = await settle(context, tag, 'tag', { slug: tag.slug, name: tag.name });
    const { color = '', description = '' } = tag.kind === 'tag' ? tag : {};
    if (isNew) yield { kind: 'tag', id, number: tag.pk, name: tag.name, slug: tag.slug, color, description };
  }
}

/** The ids of the tags of each secret, by its number. */
export function tagsOfSecrets(context: PlanContext): ReadonlyMap<number, readonly string[]> {
  const { records } = context.catalogue;
  const isNew = records.all('tag').length > 0;
  const items = isNew ? records.all('tagged-item') : records.all('old-tagged-item');
  const onSecrets = items.filter(({ content_type: type }) => records.typeName(type) === 'secrets.secret');
  const idsOf = (all: typeof onSecrets) =>
    all.flatMap(({ tag }) => idOf(context, records.find(isNew ? 'tag' : 'old-tag', tag)) ?? []);
  const bySecret = groupBy(onSecrets, ({ object_id: secret }) => secret);
  return new Map([...bySecret].map(([secret, all]) => [secret, [...new Set(idsOf(all))]]));
}
