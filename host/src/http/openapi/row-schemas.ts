import { shownField, type OpenCollection } from '../../collections/collection';
import type { Field } from '../../domain/descriptor';
import { givenSchema, shownSchema } from './field-schemas';
import { schemaRef, type JsonSchema } from './operation';

type Properties = Readonly<Record<string, JsonSchema>>;

/** The most rows of a list that is written. */
const mostRows = 100;
const uuid: JsonSchema = { type: 'string', format: 'uuid' };
const uri: JsonSchema = { type: 'string', format: 'uri' };
const text: JsonSchema = { type: 'string' };
const anyObject: JsonSchema = { type: 'object' };

/** A row as it is shown. */
export function rowSchema(collection: OpenCollection): JsonSchema {
  const { type, fields, naturalKey, choices, customizable, besideFields = {}, onRequest = {} } = collection;
  const schemasOf = (shown: readonly (readonly [string, Field | undefined])[]): Properties =>
    Object.fromEntries(shown.flatMap(([name, field]) => (field ? [[name, shownSchema(field, choices)]] : [])));
  const shown = fields.map((name) => [name, shownField(type, name)] as const);
  const isMany = (field: Field | undefined): boolean => field?.kind === 'references';

  const always: Properties = {
    id: uuid,
    ...(!fields.includes('object_type') && { object_type: { type: 'string', const: type.name } }),
    display: { ...text, description: 'Human friendly display value' },
    url: uri,
    ...(naturalKey.length > 0 && { natural_slug: text }),
    ...schemasOf(shown.filter(([, field]) => !isMany(field))),
    ...(customizable && { custom_fields: anyObject }),
    ...(type.noted && { notes_url: uri }),
    ...schemasOf(Object.entries(besideFields)),
  };
  // Left out, or shown, where the query says so.
  const sometimes: Properties = {
    ...schemasOf(shown.filter(([, field]) => isMany(field))),
    ...Object.fromEntries(Object.keys(onRequest).map((name) => [name, onRequestSchema])),
    ...(customizable && { computed_fields: anyObject, relationships: anyObject }),
  };
  return { type: 'object', properties: { ...always, ...sometimes }, required: Object.keys(always) };
}

const onRequestSchema: JsonSchema = {
  type: 'array',
  items: schemaRef('Reference'),
  description: 'Shown with `exclude_m2m=false`.',
};

/** How a body is read. */
export type Writing = 'create' | 'replace' | 'patch';

/** The body of one row; what the row is shown with may be repeated, and is passed over. */
export function bodySchema(collection: OpenCollection, writing: Writing, { named = false } = {}): JsonSchema {
  const { type, choices, customizable, creation, within = {} } = collection;
  const writable = Object.entries<Field>(type.fields).filter(([name, { readOnly }]) => !readOnly && name !== 'id');
  const given: Properties = {
    id: uuid,
    ...Object.fromEntries(
      writable.map(([name, field]) => {
        const schema = givenSchema(field, choices);
        return [field.input ?? name, field.seal ? { ...schema, writeOnly: true } : schema];
      }),
    ),
    ...(customizable && { custom_fields: anyObject }),
  };
  const shown = Object.keys((rowSchema(collection) as { readonly properties: Properties }).properties);
  const repeated = shown.filter((name) => !Object.hasOwn(given, name)).map((name) => [name, { readOnly: true }]);
  const required = writable
    .filter(([name, field]) => mustBeGiven(field, writing) && !(creation && (field.seal === 'token' || name in within)))
    .map(([name, { input = name }]) => input);
  return {
    type: 'object',
    properties: { ...given, ...Object.fromEntries(repeated) },
    required: [...(named ? ['id'] : []), ...required],
    // A part of a type's rows may keep what it does not know elsewhere.
    additionalProperties: creation !== undefined && collection.within !== undefined,
  };
}

/** The rows of a list that is written. */
export function listOf(items: JsonSchema): JsonSchema {
  return { type: 'array', items, maxItems: mostRows };
}

/** What names the rows that are to go. */
export const removalSchema = listOf({ type: 'object', properties: { id: uuid }, required: ['id'] });

function mustBeGiven({ kind, required, seal }: Field, writing: Writing): boolean {
  if (!required || writing === 'patch') return false;
  return writing === 'create' || (seal === undefined && kind !== 'json');
}
