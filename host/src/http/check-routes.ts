import { z } from 'zod';
import type { OpenCollection } from '../collections/collection';
import type { TypeDescriptor } from '../domain/descriptor';
import { InvalidInput, NotFound } from '../domain/failures';
import { noRow } from '../domain/messages';
import { secretsGroupType, secretType } from '../domain/secrets';
import type { ReadContext, Target } from '../resolution/target';
import { findRow, permitView } from './rest/find-row';
import type { ApiRequest, Handler, Route } from './route';
import type { HttpServices } from './services';

z.config({ jitless: true });

const word = (max: number) =>
  z
    .string({ error: (issue) => (issue.input === undefined ? 'This field is required.' : 'Not a valid string.') })
    .min(1, { error: 'This field may not be blank.' })
    .max(max, { error: `Ensure this field has no more than ${max} characters.` })
    .refine((text) => !text.includes('\0'), { error: 'Null characters are not allowed.' });
const object = z.union(
  [
    z.strictObject({ id: z.guid({ error: 'Must be a valid UUID.' }).transform((id) => id.toLowerCase()) }),
    z.strictObject({ object_type: word(100), name: word(255) }),
  ],
  { error: 'Give {"id"} or {"object_type", "name"}.' },
);
const secretBody = z.strictObject({ object: object.optional() });
const groupBody = z.strictObject({ object: object.optional(), access_type: word(32), secret_type: word(32) });

type SecretBody = z.infer<typeof secretBody>;
type GroupBody = z.infer<typeof groupBody>;

const secretTarget = (secret: string): Target => ({ secret });
const groupTarget = (group: string, body: GroupBody): Target => ({
  group,
  slot: { accessType: body.access_type, secretType: body.secret_type },
});

/** Check and explain, of a secret and of a slot of a group. A token that may only read may run them. */
export function checkRoutes(services: HttpServices): Route[] {
  const { resolution, collections } = services;
  const of = (type: TypeDescriptor) => collections.filter((collection) => collection.type === type);
  const check: Verb = async (request, target, context) => ({
    status: 200,
    body: await resolution.check(request.acting, target, context),
  });
  const explain: Verb = async (request, target, context) => ({
    status: 200,
    body: await resolution.explain(request.acting, target, context),
  });
  return [
    ...of(secretType).flatMap((secrets): Route[] => {
      const on = (verb: Verb): Handler => handler<SecretBody>(services, secrets, verb, secretBody, secretTarget);
      return [
        { ...reading(secrets, 'check'), methods: { GET: on(check), POST: on(check) } },
        { ...reading(secrets, 'explain'), methods: { POST: on(explain) } },
      ];
    }),
    ...of(secretsGroupType).flatMap((groups): Route[] => {
      const on = (verb: Verb): Handler => handler<GroupBody>(services, groups, verb, groupBody, groupTarget);
      return [
        { ...reading(groups, 'check'), methods: { POST: on(check) } },
        { ...reading(groups, 'explain'), methods: { POST: on(explain) } },
      ];
    }),
  ];
}

type Verb = (request: ApiRequest, target: Target, context: ReadContext) => ReturnType<Handler>;

function reading({ address }: OpenCollection, verb: string) {
  return { path: `/api/${address}/:id/${verb}/`, access: 'token', changes: false } as const;
}

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

function handler<Body extends { readonly object?: unknown }>(
  { policy }: HttpServices,
  collection: OpenCollection,
  verb: Verb,
  schema: z.ZodType<Body>,
  targetOf: (id: string, body: Body) => Target,
): Handler {
  const { type } = collection;
  return async (request) => {
    const { principal, parameters, requestId } = request;
    const seeker = { principal, policy };
    permitView(seeker, type);
    const body = parse(schema, request.body ?? {});
    const key = parameters.id ?? '';
    // An id goes straight to the definitions in memory; a name is looked up first.
    const id = uuid.test(key) ? key : (await findRow(collection, key, seeker)).id;
    const context: ReadContext = { requestId, ...(body.object !== undefined && { object: body.object as never }) };
    try {
      return await verb(request, targetOf(id, body), context);
    } catch (error) {
      throw error instanceof NotFound ? new NotFound(noRow(type)) : error;
    }
  };
}

function parse<Body>(schema: z.ZodType<Body>, body: unknown): Body {
  const result = schema.safeParse(body);
  if (result.success) return result.data;
  const faults: Record<string, string[]> = Object.create(null) as Record<string, string[]>;
  const add = (field: string, message: string): void => void (faults[field] ??= []).push(message);
  for (const issue of result.error.issues) {
    if (issue.code === 'unrecognized_keys' && issue.path.length === 0)
      for (const key of issue.keys) add(key.slice(0, 255), 'Unknown field.');
    else if (issue.path.length === 0) add('non_field_errors', 'Invalid data. Expected a dictionary.');
    else if (issue.code === 'unrecognized_keys')
      add(String(issue.path[0]), `Unknown field: ${issue.keys.join(', ').slice(0, 255)}.`);
    else add(String(issue.path[0]), issue.message);
  }
  throw new InvalidInput({ ...faults });
}
