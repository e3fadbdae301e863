import { permissionType, userType, type Principal, type User } from '../../domain/access';
import { InvalidInput } from '../../domain/failures';
import { objectType } from '../../domain/inventory';
import { secretType } from '../../domain/secrets';
import { reasonOf } from '../../resolution/reasons';
import { describePermissionTest } from '../openapi/host-descriptions';
import { parseBody } from '../parse-body';
import { findOwnRow, permitAny } from '../rest/find-row';
import type { ApiRequest, Route } from '../route';
import type { HttpServices } from '../services';
import { answerTo } from './answer';
import { testBody, type TestBody } from './body';
import { mean } from './mean';
import { testedOf } from './tested';

/** Asks the policy about somebody else: for who may change permissions, on rows that they may view. Changes nothing. */
export function permissionTestRoutes(services: HttpServices): Route[] {
  const collection = services.collections.find(({ type }) => type === permissionType);
  if (!collection) return [];
  const path = `/api/${collection.address}/test/`;
  const openapi = describePermissionTest(collection.title, testBody);
  return [{ path, access: 'token', changes: false, openapi, methods: { POST: (request) => test(services, request) } }];
}

async function test(services: HttpServices, { principal, body }: ApiRequest) {
  permitAny({ principal, policy: services.policy }, 'change', permissionType);
  const asked = parseBody(testBody, body ?? {});
  const user = await userOf(services, principal, asked.user);
  const { type, row, rows } = await rowOf(services, principal, asked);
  const object =
    asked.object && (await mean(services, principal, { type: objectType, field: 'object', input: asked.object }));
  const tested = await testedOf(services, principal, { user, rows, permission: asked.permission });

  const answer = await answerTo(services, tested, { user, type, row, rows, object, action: asked.action });
  const candidates = answer.candidates.map((candidate) => ({
    ...candidate,
    id: tested.isDraft ? null : candidate.id,
    reason: reasonOf(candidate),
  }));
  return { status: 200, body: { allowed: answer.allowed, rule: answer.rule, candidates } };
}

async function rowOf(services: HttpServices, principal: Principal, { secret, object_type, id }: TestBody) {
  const name = object_type ?? secretType.name;
  const collection = services.collections.find(({ type }) => type.name === name);
  if (!collection) throw new InvalidInput({ object_type: [`Invalid content type: ${name}`] });
  const { type, definitions: rows } = collection;
  return { type, rows, row: await findOwnRow(services, collection, secret ?? id ?? '', principal) };
}

async function userOf(services: HttpServices, principal: Principal, input: unknown): Promise<Principal> {
  const { username } = (await mean(services, principal, { type: userType, field: 'user', input })) as unknown as User;
  return services.principals.user(username)();
}
