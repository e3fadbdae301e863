import { z } from 'zod';
import type { OpenCollection } from '../collections/collection';
import type { Action } from '../domain/access';
import type { TypeDescriptor } from '../domain/descriptor';
import { NotFound } from '../domain/failures';
import { noRow } from '../domain/messages';
import { secretsGroupType, secretType } from '../domain/secrets';
import type { ReadContext, Target } from '../resolution/target';
import { describeCheck, describeExplain } from './openapi/read-descriptions';
import { objectReference, parseBody, word } from './parse-body';
import { findRow, permitAny } from './rest/find-row';
import type { ApiRequest, Handler, Route } from './route';
import type { HttpServices } from './services';

const secretBody = z.strictObject({ object: objectReference.optional() });
const groupBody = z.strictObject({ object: objectReference.optional(), access_type: word(32), secret_type: word(32) });

type SecretBody = z.infer<typeof secretBody>;
type GroupBody = z.infer<typeof groupBody>;

const forObject = { object: { object_type: 'dcim.device', name: 'csr1' } };
const slot = { access_type: 'SSH', secret_type: 'password' };

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
      const on = (verb: Verb, action: Action): Handler =>
        handler<SecretBody>(services, {
          collection: secrets,
          action,
          verb,
          schema: secretBody,
          targetOf: secretTarget,
        });
      const described = { collection: secrets, body: secretBody, example: forObject, mayBeEmpty: true };
      return [
        {
          ...reading(secrets, 'check'),
          openapi: describeCheck(described, ['GET', 'POST']),
          methods: { GET: on(check, 'check'), POST: on(check, 'check') },
        },
        { ...reading(secrets, 'explain'), openapi: describeExplain(described), methods: { POST: on(explain, 'use') } },
      ];
    }),
    ...of(secretsGroupType).flatMap((groups): Route[] => {
      const on = (verb: Verb): Handler =>
        handler<GroupBody>(services, {
          collection: groups,
          action: 'view',
          verb,
          schema: groupBody,
          targetOf: groupTarget,
        });
      const described = { collection: groups, body: groupBody, example: { ...forObject, ...slot } };
      return [
        { ...reading(groups, 'check'), openapi: describeCheck(described, ['POST']), methods: { POST: on(check) } },
        { ...reading(groups, 'explain'), openapi: describeExplain(described), methods: { POST: on(explain) } },
      ];
    }),
  ];
}

type Verb = (request: ApiRequest, target: Target, context: ReadContext) => ReturnType<Handler>;

function reading({ address }: OpenCollection, verb: string) {
  return { path: `/api/${address}/:id/${verb}/`, access: 'token', changes: false } as const;
}

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

interface Reading<Body> {
  readonly collection: OpenCollection;
  /** What must be allowed on the row that the address means: the action itself on a secret, view on a group. */
  readonly action: Action;
  readonly verb: Verb;
  readonly schema: z.ZodType<Body>;
  readonly targetOf: (id: string, body: Body) => Target;
}

function handler<Body extends { readonly object?: unknown }>(
  { policy }: HttpServices,
  { collection, action, verb, schema, targetOf }: Reading<Body>,
): Handler {
  const { type } = collection;
  return async (request) => {
    const { principal, parameters, requestId, address } = request;
    const seeker = { principal, policy };
    permitAny(seeker, action, type);
    const body = parseBody(schema, request.body ?? {});
    const key = parameters.id ?? '';
    // An id goes straight to the definitions in memory; a name is looked up first.
    const id = uuid.test(key) ? key : (await findRow(collection, key, seeker, action)).id;
    const context: ReadContext = {
      requestId,
      address,
      ...(body.object !== undefined && { object: body.object as never }),
    };
    try {
      return await verb(request, targetOf(id, body), context);
    } catch (error) {
      throw error instanceof NotFound ? new NotFound(noRow(type)) : error;
    }
  };
}
