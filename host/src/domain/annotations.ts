import { describeType, standardFields, type RowOf } from './descriptor';

/** A word that rows are marked with; `content_types` says rows of which types. */
export const tagType = describeType({
  name: 'extras.tag',
  label: 'tag',
  table: 'extras_tags',
  noted: true,
  customizable: true,
  fields: {
    ...standardFields,
    name: { kind: 'text', max: 255, required: true, unique: true, searchable: true },
    slug: {
      kind: 'text',
      max: 255,
      unique: true,
      pattern: {
        expression: /^[-a-zA-Z0-9_]+$/,
        message: 'Enter a valid “slug” consisting of letters, numbers, underscores or hyphens.',
      },
    },
    color: {
      kind: 'text',
      max: 6,
      default: '9e9e9e',
      pattern: { expression: /^[0-9a-f]{6}$/, message: 'RGB color in hexadecimal. Example: 00ff00' },
    },
    description: { kind: 'text', max: 255, default: '' },
    content_types: { kind: 'list', max: 100, required: true },
  },
  unique: [],
  order: ['name'],
  display: 'name',
});

/** What somebody wrote about a row; it goes with the row. */
export const noteType = describeType({
  name: 'extras.note',
  label: 'note',
  table: 'extras_notes',
  folded: false,
  fields: {
    ...standardFields,
    // Given by the address that a note is written at, and for life: no body must repeat them.
    assigned_object_type: { kind: 'text', max: 100 },
    assigned_object_id: { kind: 'text', max: 36 },
    user: { kind: 'reference', target: 'users.user', nullable: true, onDelete: 'set-null' },
    // Copied in, so that it stays when the user is gone.
    user_name: { kind: 'text', max: 150 },
    note: { kind: 'text', max: 10_000, required: true },
  },
  about: { type: 'assigned_object_type', id: 'assigned_object_id' },
  unique: [],
  order: ['created'],
  display: 'id',
});

export type Tag = RowOf<typeof tagType>;
export type Note = RowOf<typeof noteType>;
