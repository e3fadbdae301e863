import {
  GraphQLError,
  GraphQLID,
  GraphQLList,
  GraphQLNonNull,
  GraphQLObjectType,
  GraphQLSchema,
  type GraphQLFieldConfigMap,
  type GraphQLResolveInfo,
} from 'graphql';
import type { CustomField, ListParameters, OpenCollection } from '@latchkey/host/extend';
import { listArguments } from './arguments';
import type { Budget } from './budget';
import { ownFields, type OwnField } from './fields';
import { fieldsAsked } from './fields-asked';
import { namesOf, type Names } from './names';
import { waysAmong, type Way } from './relations';
import type { RowsOfRequest, Seen } from './rows';

/** What resolvers are called with. */
export interface RequestContext {
  readonly rows: RowsOfRequest;
  readonly budget: Budget;
}

/** What is known of a collection when the schema is made. */
export interface Described {
  readonly collection: OpenCollection;
  readonly parameters: ListParameters;
  readonly customFields: readonly CustomField[];
}

type Fields = GraphQLFieldConfigMap<Seen, RequestContext>;

/** Makes the schema: of each collection its type, a list, and a row by its id. There is nothing that changes anything. */
export function createSchema(described: readonly Described[]): GraphQLSchema {
  const collections = described.map(({ collection }) => collection);
  const names = namesOf(collections);
  const nameOf = (collection: OpenCollection): Names => names.get(collection) as Names;
  const ways = waysAmong(collections, (collection) => nameOf(collection).many);
  const types = new Map<OpenCollection, GraphQLObjectType<Seen, RequestContext>>();
  const typeOf = (collection: OpenCollection) => types.get(collection) as GraphQLObjectType<Seen, RequestContext>;

  const fieldOf = ({ to, many, follow }: Way): Fields[string] => ({
    type: many ? listOf(typeOf(to)) : typeOf(to),
    async resolve(seen, _args, { rows, budget }, info) {
      if (budget.exceeded) return many ? [] : null;
      const found = shown(await follow(seen, rows), budget, info);
      return many ? found : (found[0] ?? null);
    },
  });

  for (const { collection, customFields } of described) {
    const fields = (): Fields => {
      const own = ownFields(collection, nameOf(collection), customFields);
      const all = new Map<string, Fields[string]>();
      for (const [name, field] of own) {
        const way = ways.forward(collection.type, name);
        all.set(name, way ? fieldOf(way) : charged(field));
      }
      for (const [name, way] of ways.backward(collection.type)) if (!all.has(name)) all.set(name, fieldOf(way));
      return Object.fromEntries(all);
    };
    types.set(collection, new GraphQLObjectType({ name: nameOf(collection).type, fields }));
  }

  const root: GraphQLFieldConfigMap<unknown, RequestContext> = {};
  for (const { collection, parameters, customFields } of described) {
    const { one, many } = nameOf(collection);
    const { args, queryOf } = listArguments(parameters, customFields);
    root[many] = {
      type: listOf(typeOf(collection)),
      args,
      resolve: async (_, given, { rows, budget }, info) =>
        shown(await rows.list(collection, queryOf(given)), budget, info),
    };
    root[one] = {
      type: typeOf(collection),
      args: { id: { type: new GraphQLNonNull(GraphQLID) } },
      async resolve(_, { id }, { rows, budget }, info) {
        if (!uuid.test(String(id))) throw new GraphQLError('id: Must be a valid UUID.');
        const found = await rows.where(collection, 'id', String(id).toLowerCase());
        return shown(found, budget, info)[0] ?? null;
      },
    };
  }
  return new GraphQLSchema({ query: new GraphQLObjectType({ name: 'Query', fields: root }) });
}

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const listOf = (type: GraphQLObjectType<Seen, RequestContext>) => new GraphQLList(type);

/** A field of the row itself, with its length on the account. */
function charged({ resolve, ...field }: OwnField): Fields[string] {
  return {
    ...field,
    resolve(seen, _args, { budget }) {
      const value = resolve(seen);
      budget.charge(value);
      return value;
    },
  };
}

/** Rows that are about to be shown, paid for before one of their fields is. */
function shown(found: readonly Seen[], budget: Budget, info: GraphQLResolveInfo): readonly Seen[] {
  return budget.spend(found.length * fieldsAsked(info)) ? found : [];
}
