import { GraphQLError, Kind, type DocumentNode, type FragmentDefinitionNode, type SelectionSetNode } from 'graphql';

/** What one request may ask for. */
export const limits = {
  /** Characters of the query. */
  length: 20_000,
  /** Words and signs of it. */
  tokens: 4000,
  /** Levels of fields in fields. */
  depth: 10,
  /** The same of questions about the schema, which tools ask deeper. */
  schemaDepth: 20,
  /** Fields under another name. */
  aliases: 30,
  /** Fields in all, those of a fragment wherever it is spread. */
  fields: 1000,
  /** Rows that one list gives. */
  rows: 1000,
  /** Rows that are read, and fields that are shown of rows; each 64 characters of a long one are one more. */
  cost: 50_000,
  /** What each value of an argument of a list costs. */
  value: 10,
} as const;

/** Says why a query is refused. */
export function tooMuch(what: string, most: number, unit: string): GraphQLError {
  return new GraphQLError(`The query ${what}: at most ${most.toLocaleString('en')} ${unit}.`);
}

// Of the fields of the schema about itself, those that lead to lists: one in itself multiplies what it gives.
const schemaLists = new Set(['types', 'fields', 'inputFields', 'interfaces', 'possibleTypes', 'args', 'directives']);

/** The first limit that a document breaks; told before it is validated, which could take long itself. */
export function limitFault(document: DocumentNode): GraphQLError | undefined {
  const fragments = new Map(
    document.definitions.flatMap((one) => (one.kind === Kind.FRAGMENT_DEFINITION ? [[one.name.value, one]] : [])),
  );
  try {
    const walk = createWalk(fragments);
    for (const one of document.definitions)
      if (one.kind === Kind.OPERATION_DEFINITION) walk(one.selectionSet, { depth: 1, about: [] });
    return undefined;
  } catch (error) {
    if (error instanceof GraphQLError) return error;
    throw error;
  }
}

/** Where the walk is: how deep, and below which fields of the schema about itself. */
interface Place {
  readonly depth: number;
  readonly about: readonly string[];
}

function createWalk(fragments: ReadonlyMap<string, FragmentDefinitionNode>) {
  let [fields, aliases] = [0, 0];
  const walk = ({ selections }: SelectionSetNode, place: Place): void => {
    for (const selection of selections) {
      // A fragment counts as a field, so that one in another cannot multiply without end.
      if ((fields += 1) > limits.fields) throw tooMuch('has too many fields', limits.fields, 'fields');
      if (selection.kind === Kind.INLINE_FRAGMENT) walk(selection.selectionSet, place);
      else if (selection.kind === Kind.FRAGMENT_SPREAD) {
        const fragment = fragments.get(selection.name.value);
        // One that contains itself ends at the bound of fields.
        if (fragment) walk(fragment.selectionSet, place);
      } else {
        const { name, alias, selectionSet } = selection;
        if (alias && (aliases += 1) > limits.aliases) throw tooMuch('has too many aliases', limits.aliases, 'aliases');
        const inSchema = place.about.length > 0 || name.value.startsWith('__');
        const deepest = inSchema ? limits.schemaDepth : limits.depth;
        if (place.depth > deepest) throw tooMuch('is nested too deep', deepest, 'levels');
        if (inSchema && schemaLists.has(name.value) && place.about.includes(name.value))
          throw new GraphQLError(`The schema is not told with "${name.value}" inside "${name.value}".`);
        const about = inSchema ? [...place.about, name.value] : [];
        if (selectionSet) walk(selectionSet, { depth: place.depth + 1, about });
      }
    }
  };
  return walk;
}
