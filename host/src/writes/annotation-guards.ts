import { noteType, tagType, type Note, type Tag } from '../domain/annotations';
import type { AnyRow, TypeDescriptor } from '../domain/descriptor';
import type { FieldFaults } from '../domain/failures';
import type { Rows } from '../domain/ports';
import type { Guard, GuardedChange } from './guard';

const typeForm = /^[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*$/;

const isTagged = ({ fields }: TypeDescriptor): boolean => fields.tags?.target === tagType.name;

/** The type of this name, if its rows can be tagged. */
function taggable({ types }: Rows, name: string): TypeDescriptor | undefined {
  const type = types.get(name);
  return type && isTagged(type) ? type : undefined;
}

/** A tag is for types that have tags, and stays for those whose rows are marked with it. */
async function guardTag({ rows, before, after }: GuardedChange): Promise<FieldFaults | undefined> {
  if (!after) return undefined;
  const { id, content_types: types } = after as unknown as Tag;
  const messages = types
    .filter((name) => !taggable(rows, name))
    .map((name) =>
      typeForm.test(name)
        ? `Invalid content type: ${name}`
        : "Invalid value. Specify a content type as '<app_label>.<model_name>'.",
    );
  for (const name of (before as unknown as Tag | undefined)?.content_types ?? []) {
    const type = taggable(rows, name);
    if (type && !types.includes(name) && (await isMarked(rows, type, id)))
      messages.push(`Unable to remove ${name}. Dependent objects were found.`);
  }
  return messages.length > 0 ? { content_types: messages } : undefined;
}

async function isMarked(rows: Rows, type: TypeDescriptor, tag: string): Promise<boolean> {
  const filters = [{ field: 'tags', values: [tag] }];
  return (await rows.list(type, { scope: { kind: 'all' }, filters, limit: 1, offset: 0 })).count > 0;
}

/** Rows are marked with tags that are for their type. */
function guardTagged(type: TypeDescriptor): Guard {
  return async ({ rows, before, after }) => {
    const had = new Set(tagsOf(before));
    const messages: string[] = [];
    for (const id of tagsOf(after)) {
      const tag = had.has(id) ? undefined : await rows.get(tagType, { id });
      if (tag && !tag.content_types.includes(type.name)) messages.push(`The tag ${tag.name} is not for ${type.name}.`);
    }
    return messages.length > 0 ? { tags: messages } : undefined;
  };
}

const tagsOf = (row: AnyRow | undefined): readonly string[] => (row?.tags as readonly string[] | undefined) ?? [];

const forLife = ['assigned_object_type', 'assigned_object_id', 'user', 'user_name'] as const;

/** A note is its author's, about one object, for life. */
function guardNote({ principal, before, after }: GuardedChange): FieldFaults | undefined {
  const [was, becomes] = [before as Note | undefined, after as Note | undefined];
  if (!becomes) return undefined;
  if (!was) {
    const own = becomes.user === (principal.id ?? null) && becomes.user_name === principal.name;
    return own ? undefined : { user: ['A note is written in one’s own name.'] };
  }
  const changed = forLife.filter((name) => was[name] !== becomes[name]);
  if (changed.length === 0) {
    const may = was.note === becomes.note || principal.isSuperuser || (was.user !== null && was.user === principal.id);
    return may ? undefined : { note: ['Only its author may change a note.'] };
  }
  return Object.fromEntries(changed.map((name) => [name, ['This field may not be changed.']]));
}

/** The guard of a type whose rows can be tagged; none of another. */
export function taggedGuard(type: TypeDescriptor): readonly Guard[] {
  return isTagged(type) ? [guardTagged(type)] : [];
}

/** The guards of tags and of notes, by the name of the type. */
export const annotationGuards: Readonly<Record<string, Guard>> = {
  [tagType.name]: guardTag,
  [noteType.name]: guardNote,
};
