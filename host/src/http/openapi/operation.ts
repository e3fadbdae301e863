/** A JSON Schema, of the draft that OpenAPI 3.1 has: 2020-12. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** One answer of an operation that is no refusal. */
export interface AnswerDescription {
  readonly description: string;
  /** What JSON it holds; absent for an answer without a body. */
  readonly schema?: JsonSchema;
  /** Its content types where they are not JSON alone, with their schemas. */
  readonly content?: Readonly<Record<string, JsonSchema>>;
  /** Its headers, of those that the document knows. */
  readonly headers?: readonly string[];
}

/** What the OpenAPI document tells of one method of a route: plain data. */
export interface Operation {
  readonly summary: string;
  readonly description?: string;
  /** The operationId, where it is not made of the method and the path. */
  readonly id?: string;
  /** OpenAPI's parameter objects; those of the path are told by themselves. */
  readonly parameters?: readonly Readonly<Record<string, unknown>>[];
  /** What the body must be. */
  readonly body?: JsonSchema;
  /** True where the body may be left out. */
  readonly mayBeEmpty?: true;
  /** A body that works. */
  readonly example?: unknown;
  readonly answers: Readonly<Record<number, AnswerDescription>>;
  /** Statuses of refusals, beside those that every address of the kind has. */
  readonly refusals?: readonly number[];
}

/** What the OpenAPI document tells of a route. */
export interface RouteDescription {
  /** The heading that its operations stand under. */
  readonly tag: string;
  /** What its parameters in the path mean, by name. */
  readonly path?: Readonly<Record<string, { readonly description: string; readonly example?: string }>>;
  /** By the method's name in capitals. */
  readonly methods: Readonly<Record<string, Operation>>;
}

/** A reference to a schema of the document. */
export function schemaRef(name: string): JsonSchema {
  return { $ref: `#/components/schemas/${name}` };
}
