import type { Field, FieldKind } from '../../domain/descriptor';
import type { Choices } from '../../domain/secrets';
import { schemaRef, type JsonSchema } from './operation';

type SchemaOf = (field: Field, choices: Choices) => JsonSchema;

interface KindSchemas {
  /** What a row shows. */
  readonly shown: SchemaOf;
  /** What a body gives. */
  readonly given: SchemaOf;
  /** What one value of a filter is. */
  readonly asked: SchemaOf;
}

const alike = (schema: JsonSchema): KindSchemas => ({
  shown: () => schema,
  given: () => schema,
  asked: () => schema,
});
const text: JsonSchema = { type: 'string' };
const anyObject: JsonSchema = { type: 'object' };
const named: JsonSchema = { type: 'string', minLength: 1 };

const bounded: SchemaOf = ({ max, pattern, default: initial }) => ({
  type: 'string',
  ...(initial !== '' && { minLength: 1 }),
  ...(max !== undefined && { maxLength: max }),
  // Not every dialect of expressions knows classes of characters.
  ...(pattern && !pattern.expression.unicode && { pattern: pattern.expression.source }),
});
const chosen: SchemaOf = ({ choices: list, oneOf }, choices) => {
  const known = oneOf ?? (list && choices[list]);
  return { type: 'string', ...(known && { enum: Object.keys(known) }) };
};
const labelled: JsonSchema = { type: 'object', properties: { value: text, label: text }, required: ['value', 'label'] };

/** What each kind of field is in JSON Schema. */
const kinds = {
  id: alike({ type: 'string', format: 'uuid' }),
  number: alike({ type: 'integer' }),
  text: { shown: () => text, given: bounded, asked: () => named },
  // A row may hold a choice that the installation has no more.
  choice: { shown: ({ oneOf }) => (oneOf ? labelled : text), given: chosen, asked: chosen },
  json: {
    shown: () => anyObject,
    given: ({ required }) => (required ? { ...anyObject, minProperties: 1 } : anyObject),
    asked: () => anyObject,
  },
  flag: alike({ type: 'boolean' }),
  datetime: alike({ type: 'string', format: 'date-time' }),
  reference: { shown: () => schemaRef('Reference'), given: () => schemaRef('GivenReference'), asked: () => named },
  references: {
    shown: () => ({ type: 'array', items: schemaRef('Reference') }),
    given: () => ({ type: 'array', items: schemaRef('GivenReference'), maxItems: 1000 }),
    asked: () => named,
  },
  list: {
    shown: () => ({ type: 'array', items: text }),
    given: ({ max, mayBeEmpty }) => ({
      type: 'array',
      items: { type: 'string', minLength: 1, ...(max !== undefined && { maxLength: max }) },
      ...(!mayBeEmpty && { minItems: 1 }),
      maxItems: 1000,
    }),
    asked: () => text,
  },
  // Any JSON, which a rule of the type reads.
  constraint: alike({}),
  secret: { shown: () => ({ not: {} }), given: bounded, asked: () => text },
} as const satisfies Record<FieldKind, KindSchemas>;

/** What a row shows of a field. */
export function shownSchema(field: Field, choices: Choices): JsonSchema {
  return told(field, orNull(field, kinds[field.kind].shown(field, choices)));
}

/** What a body gives of a field. */
export function givenSchema(field: Field, choices: Choices): JsonSchema {
  const { help = field.pattern?.message } = field;
  return told(
    { ...field, ...(help !== undefined && { help }) },
    orNull(field, kinds[field.kind].given(field, choices)),
  );
}

/** One value of a filter that compares with the field itself. */
export function askedSchema(field: Field, choices: Choices): JsonSchema {
  return kinds[field.kind].asked(field, choices);
}

function orNull({ nullable }: Field, schema: JsonSchema): JsonSchema {
  if (!nullable || Object.keys(schema).length === 0) return schema;
  if (typeof schema.type === 'string' && !('enum' in schema)) return { ...schema, type: [schema.type, 'null'] };
  return { anyOf: [schema, { type: 'null' }] };
}

function told({ help: description }: Field, schema: JsonSchema): JsonSchema {
  return description === undefined ? schema : { ...schema, description };
}
