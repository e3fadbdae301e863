import { GraphQLError, Kind, parse, validate, type DocumentNode, type ExecutionResult } from 'graphql';
import { createHandler, type Handler as GraphQLHandler, type RequestParams, type Response } from 'graphql-http';
import { customFieldsOf, listParameters, type Answer, type ApiRequest } from '@latchkey/host/extend';
import { Budget } from './budget';
import { limitFault, limits, tooMuch } from './limits';
import { rowsFor, type HostOfRows } from './rows';
import { createSchema, type RequestContext } from './schema';

type Context = { -readonly [Key in keyof RequestContext]: RequestContext[Key] };
type Handler = GraphQLHandler<ApiRequest, undefined>;

// With this, what is wrong with a query is 400, as Nautobot has it; the answer is plain JSON all the same.
const headers = { accept: 'application/graphql-response+json', 'content-type': 'application/json' };

/** Makes what answers requests; the schema is made anew when there are other custom fields. */
export function createAnswer(host: HostOfRows): (request: ApiRequest) => Promise<Answer> {
  let made: { readonly key: string; readonly handler: Handler } | undefined;
  const handlerOf = async (): Promise<Handler> => {
    const custom = await Promise.all(host.collections.map(({ kept, type }) => customFieldsOf(kept, type)));
    const key = JSON.stringify(
      custom.map((fields) => fields.map(({ key: own, type, label, filter_logic: logic }) => [own, type, label, logic])),
    );
    if (made?.key === key) return made.handler;
    const parameters = await Promise.all(host.collections.map(listParameters));
    const described = host.collections.map((collection, i) => ({
      collection,
      customFields: custom[i] ?? [],
      parameters: parameters[i] ?? { filters: new Map(), searchable: false },
    }));
    const handler = handlerFor(host, createSchema(described));
    made = { key, handler };
    return handler;
  };
  return async (request) => {
    const handler = await handlerOf();
    const asked = { url: '', method: 'POST', headers, body: null, raw: request, context: undefined };
    const [text, { status }] = await handler(asked);
    return { status, content: { type: 'application/json', text: text ?? '', headers: {} } };
  };
}

function handlerFor(host: HostOfRows, schema: ReturnType<typeof createSchema>): Handler {
  return createHandler<ApiRequest, undefined, Context>({
    schema,
    parseRequestParams: ({ raw: { body } }) => parametersOf(body),
    parse: (source) => parse(source, { maxTokens: limits.tokens }),
    validate(known, document, rules) {
      const fault = limitFault(document) ?? changeFault(document);
      return fault ? [fault] : validate(known, document, rules, { maxErrors: 20 });
    },
    context({ raw: { principal } }) {
      const budget = new Budget();
      return { budget, rows: rowsFor(host, principal, budget) };
    },
    onOperation: (_request, { contextValue }, result) => settled(result, contextValue?.budget),
    formatError,
  });
}

/** What a body asks; the messages are Nautobot's. */
function parametersOf(body: unknown): RequestParams {
  if (Array.isArray(body)) throw new GraphQLError('Batch GraphQL requests are not enabled.');
  const { query, variables, operationName } = Object(body) as Readonly<Record<string, unknown>>;
  if (query === undefined || query === null || query === '') throw new GraphQLError('Must provide query string.');
  if (typeof query !== 'string') throw new GraphQLError('The query must be a text.');
  if (query.length > limits.length) throw tooMuch('is too long', limits.length, 'characters');
  if (typeof (variables ?? {}) !== 'object' || Array.isArray(variables))
    throw new GraphQLError('Variables are invalid JSON.');
  if (typeof (operationName ?? '') !== 'string') throw new GraphQLError('The operationName must be a text.');
  return {
    query,
    variables: variables as Record<string, unknown> | null | undefined,
    operationName: operationName as string | null | undefined,
  };
}

/** Refuses everything but queries. */
function changeFault({ definitions }: DocumentNode): GraphQLError | undefined {
  const other = definitions.find((one) => one.kind === Kind.OPERATION_DEFINITION && one.operation !== 'query');
  if (other?.kind !== Kind.OPERATION_DEFINITION) return undefined;
  const operation = `OperationType.${other.operation.toUpperCase()}`;
  return new GraphQLError(`'${operation}' is not a supported operation, Only query are supported.`);
}

/** An answer that cost too much is none, and a fault of the host's is answered as in REST. */
function settled(result: ExecutionResult, budget: Budget | undefined): Response | undefined {
  const faults = (result.errors ?? []).flatMap(({ originalError }) => originalError ?? []);
  const unforeseen = faults.find((error) => !(error instanceof GraphQLError));
  if (unforeseen) throw unforeseen;
  const errors = budget?.exceeded ? [budget.fault()] : result.errors;
  if (!budget?.exceeded && result.data !== undefined) return undefined;
  return [JSON.stringify({ errors: errors?.map(formatError) }), { status: 400, statusText: 'Bad Request' }];
}

/** Nautobot's messages have single quotes. */
function formatError(error: Readonly<GraphQLError | Error>): GraphQLError {
  const message = error.message.replaceAll('"', "'");
  if (!(error instanceof GraphQLError)) return new GraphQLError(message);
  const { nodes, source, positions, path, extensions } = error;
  return new GraphQLError(message, {
    nodes: nodes ?? null,
    source: source ?? null,
    positions: positions ?? null,
    path: path ?? null,
    extensions,
  });
}
