import { shownField, type OpenCollection } from '../../collections/collection';
import type { Field, TypeDescriptor } from '../../domain/descriptor';
import type { Choices } from '../../domain/secrets';
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
export function bodySchema(collection: OpenCollection, writing: Writing): JsonSchema {
  const { type, choices, creation, within = {} } = collection;
  const own = givenObject(type, choices, writing);
  const given: Properties = { id: uuid, ...own.properties, ...partsOf(collection) };
  const shown = Object.keys((rowSchema(collection) as { readonly properties: Properties }).properties);
  const repeated = shown.filter((name) => !Object.hasOwn(given, name)).map((name) => [name, { readOnly: true }]);
  const isMade = (name: string): boolean => creation !== undefined && (name in within || isKey(type, name));
  return {
    type: 'object',
    properties: { ...given, ...Object.fromEntries(repeated) },
    required: own.required.filter((name) => !isMade(name)),
    // A part of a type's rows may keep what it does not know elsewhere.
    additionalProperties: creation !== undefined && collection.within !== undefined,
  };
}

/** The fields that a body gives, and those of them that it must give. */
function givenObject({ fields }: TypeDescriptor, choices: Choices, writing: Writing) {
  const writable = Object.entries<Field>(fields).filter(([name, { readOnly }]) => !readOnly && name !== 'id');
  const properties: Properties = Object.fromEntries(
    writable.map(([name, field]) => {
      const schema = givenSchema(field, choices);
      return [field.input ?? name, field.seal ? { ...schema, writeOnly: true } : schema];
    }),
  );
  const required = writable.filter(([, field]) => mustBeGiven(field, writing));
  return { properties, required: required.map(([name, { input = name }]) => input) };
}

/** The rows that a body may give with a row, such as the slots of a group; a change replaces the set. */
function partsOf({ type, choices, definitions }: OpenCollection): Properties {
  const parts = (type.parts ?? []).flatMap((name) => {
    const via = type.relations?.[name]?.via;
    const part = via && definitions.types.get(via.type);
    if (!part) return [];
    const { [via.from]: _, ...properties } = givenObject(part, choices, 'create').properties;
    const required = givenObject(part, choices, 'create').required.filter((one) => one !== via.from);
    return [[name, listOf({ type: 'object', properties, required, additionalProperties: false })]];
  });
  return Object.fromEntries(parts) as Properties;
}

const isKey = ({ fields }: TypeDescriptor, given: string): boolean =>
  Object.entries<Field>(fields).some(([name, { seal, input = name }]) => seal === 'token' && input === given);

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
