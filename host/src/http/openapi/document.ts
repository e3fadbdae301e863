import type { OpenCollection } from '../../collections/collection';
import { noteType } from '../../domain/annotations';
import { modelName } from '../../domain/messages';
import type { Route } from '../route';
import type { HttpServices } from '../services';
import { versions } from '../versions';
import { collectionSchemas, describeList, describeNotes, describeRow } from './collection-descriptions';
import { sharedParameters } from './list-parameters';
import type { RouteDescription } from './operation';
import { operationOf } from './operation-object';
import { sharedHeaders, sharedResponses, sharedSchemas } from './shared';

/** What the document is made of. */
export type DocumentServices = Pick<HttpServices, 'collections' | 'publicUrl' | 'version'>;

const introduction = `A secrets broker: it stores where a secret lives and how to fetch it, and never its value.

Every address that can be POSTed to takes JSON in UTF-8, up to 256 KiB. HEAD is answered like GET, without the body; OPTIONS is
answered everywhere. A method that an address does not have is 405, an address without its last slash 301. An unknown field
or filter is 400: a typo must neither be lost nor list everything. Filters of custom fields are \`cf_\` and their key.`;

const securitySchemes = {
  token: {
    type: 'http',
    scheme: 'bearer',
    description: 'A token of a user; the words `Token` and `Bearer` before it mean the same.',
  },
  password: { type: 'http', scheme: 'basic', description: 'A name and a password, good for a first token alone.' },
} as const;

/** What is told of each route: its own description, or what follows from its collection; undefined for a route without either. */
export function descriptionsOf(routes: readonly Route[], collections: readonly OpenCollection[]) {
  const names = schemaNames(collections);
  const nameOf = (collection: OpenCollection): string => names.get(collection) ?? '';
  const notes = collections.find(({ type }) => type === noteType);
  const derived = new Map<string, () => RouteDescription>();
  for (const collection of collections) {
    const path = `/api/${collection.address}/`;
    derived.set(path, () => describeList(collection, nameOf(collection)));
    derived.set(`${path}:id/`, () => describeRow(collection, nameOf(collection)));
    if (notes) derived.set(`${path}:id/notes/`, () => describeNotes(collection, notes, nameOf(notes)));
  }
  return routes.map((route) => ({ route, description: route.openapi ?? derived.get(route.path)?.() }));
}

/** The OpenAPI document of a host, from the same routes and collections that it answers with. */
export function openapiDocument({ collections, publicUrl, version }: DocumentServices, routes: readonly Route[]) {
  const paths: Record<string, Record<string, unknown>> = {};
  const tags = new Set<string>();
  for (const { route, description = unknown } of descriptionsOf(routes, collections)) {
    const path = route.path.replace(/:(\w+)/g, '{$1}');
    const methods = Object.keys(route.methods).concat(route.describe && description.methods.OPTIONS ? ['OPTIONS'] : []);
    tags.add(description.tag);
    // Of dialects that share an address, the first of them is told, and of the others what it does not have.
    const operations = methods.map((method) => [method.toLowerCase(), operationOf(route, method, description)]);
    paths[path] = { ...Object.fromEntries(operations), ...paths[path] };
  }
  const named = [...schemaNames(collections)].map(([collection, name]) => collectionSchemas(collection, name));
  return {
    openapi: '3.1.0',
    info: {
      title: 'Latchkey',
      version,
      description: `${introduction}\n\nVersions that clients may ask for: ${versions.join(', ')}.`,
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: publicUrl }],
    tags: [...tags].map((name) => ({ name })),
    paths,
    components: {
      securitySchemes,
      headers: sharedHeaders,
      parameters: sharedParameters,
      responses: sharedResponses,
      schemas: Object.assign({}, sharedSchemas, ...named) as Readonly<Record<string, unknown>>,
    },
  };
}

const unknown: RouteDescription = { tag: 'Others', methods: {} };

/** A name for the schemas of each collection: that of its model, or of its address where that is taken. */
function schemaNames(collections: readonly OpenCollection[]): ReadonlyMap<OpenCollection, string> {
  const taken = new Set(Object.keys(sharedSchemas));
  const free = (name: string): boolean => !taken.has(name) && taken.add(name) !== undefined;
  return new Map(
    collections.map((collection) => {
      const words = collection.address.split(/\W+/).map((word) => word.charAt(0).toUpperCase() + word.slice(1));
      return [collection, [modelName(collection.type), words.join('')].find(free) ?? collection.address];
    }),
  );
}
