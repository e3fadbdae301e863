import {
  GraphQLBoolean,
  GraphQLID,
  GraphQLList,
  GraphQLScalarType,
  GraphQLString,
  type GraphQLOutputType,
} from 'graphql';
import type { CustomFieldKind, FieldKind } from '@latchkey/host/extend';

const asIs = (value: unknown): unknown => value;
const scalar = (name: string, description: string) =>
  new GraphQLScalarType({ name, description, serialize: asIs, parseValue: asIs });

const whole = scalar('BigInt', 'A whole number of up to 15 digits.');
const instant = scalar('DateTime', 'A time as ISO 8601, in UTC.');
/** Any JSON. */
export const anyJson = scalar('GenericScalar', 'Any JSON.');
const texts = new GraphQLList(GraphQLString);

/** What a field of each kind is in the schema, where it is no reference and has no choices. Secrets are in none. */
export const scalarOfKind = {
  id: GraphQLID,
  number: whole,
  text: GraphQLString,
  choice: GraphQLString,
  json: anyJson,
  flag: GraphQLBoolean,
  datetime: instant,
  reference: GraphQLID,
  references: new GraphQLList(GraphQLID),
  list: texts,
  constraint: anyJson,
  secret: undefined,
} as const satisfies Record<FieldKind, GraphQLOutputType | undefined>;

/** What a custom field of each type is in the schema. */
export const scalarOfCustom = {
  text: GraphQLString,
  integer: whole,
  boolean: GraphQLBoolean,
  date: GraphQLString,
  datetime: instant,
  url: GraphQLString,
  select: GraphQLString,
  'multi-select': texts,
  json: anyJson,
  markdown: GraphQLString,
} as const satisfies Record<CustomFieldKind, GraphQLOutputType>;
