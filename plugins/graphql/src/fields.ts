import { GraphQLEnumType, GraphQLID, GraphQLNonNull, GraphQLString, type GraphQLOutputType } from 'graphql';
import type { CustomField, CustomFieldKind, OpenCollection } from '@latchkey/host/extend';
import { choiceNames, choicesName, nameOf, type Names } from './names';
import type { Seen } from './rows';
import { anyJson, scalarOfCustom, scalarOfKind } from './scalars';

/** A field that a row holds itself. */
export interface OwnField {
  readonly type: GraphQLOutputType;
  readonly description?: string;
  resolve(seen: Seen): unknown;
}

/** The fields that rows of a collection hold themselves, by name; those that lead to other rows are none of them. */
export function ownFields(
  collection: OpenCollection,
  names: Names,
  customFields: readonly CustomField[],
): ReadonlyMap<string, OwnField> {
  const { type, fields, besideFields = {}, address } = collection;
  const own = new Map<string, OwnField>();
  own.set('id', { type: new GraphQLNonNull(GraphQLID), resolve: ({ row }) => row.id });
  for (const name of fields) {
    const made = fieldOf(collection, names, name);
    if (made) own.set(nameOf(name), made);
  }
  for (const name of Object.keys(besideFields)) own.set(nameOf(name), { type: anyJson, resolve: besideOf(name) });
  if (type.customizable) for (const [name, field] of customOf(customFields)) if (!own.has(name)) own.set(name, field);
  own.set('url', { type: GraphQLString, resolve: ({ row }) => `/api/${address}/${row.id}/` });
  return own;
}

const besideOf =
  (name: string) =>
  ({ beside }: Seen) =>
    beside?.[name] ?? null;

function fieldOf(collection: OpenCollection, names: Names, name: string): OwnField | undefined {
  const { type, choices } = collection;
  const own = type.aliases?.[name] ?? name;
  const { kind, oneOf, choices: list, help } = type.fields[own] ?? { kind: 'secret' };
  const scalar = scalarOfKind[kind];
  if (!scalar) return undefined;
  const told = help === undefined ? {} : { description: help };
  const valueOf = ({ row, beside }: Seen): unknown => (beside && Object.hasOwn(beside, name) ? beside[name] : row[own]);
  const offered = Object.keys(oneOf ?? (list && choices[list]) ?? {});
  if (offered.length === 0) return { ...told, type: scalar, resolve: valueOf };
  const values = Object.fromEntries([...choiceNames(offered)].map(([key, value]) => [key, { value }]));
  const enumeration = new GraphQLEnumType({ name: choicesName(collection, names, name), values });
  // A choice that the installation had once has no name any more.
  const resolve = (seen: Seen): unknown => (offered.includes(String(valueOf(seen))) ? valueOf(seen) : null);
  return { ...told, type: enumeration, resolve };
}

/** The values of custom fields, together and one by one. */
function customOf(customFields: readonly CustomField[]): [string, OwnField][] {
  const valuesOf = ({ row }: Seen) => (row.custom_fields ?? {}) as Readonly<Record<string, unknown>>;
  const stored = (seen: Seen): unknown =>
    Object.fromEntries(
      customFields.flatMap(({ key }) => (Object.hasOwn(valuesOf(seen), key) ? [[key, valuesOf(seen)[key]]] : [])),
    );
  const single = customFields.map(({ key, type, label }): [string, OwnField] => [
    `cf_${nameOf(key)}`,
    {
      type: scalarOfCustom[type as CustomFieldKind],
      description: label,
      resolve: (seen) => (Object.hasOwn(valuesOf(seen), key) ? valuesOf(seen)[key] : null),
    },
  ]);
  return [['_custom_field_data', { type: anyJson, resolve: stored }], ...single];
}
