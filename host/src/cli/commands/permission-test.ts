import { objectType } from '../../domain/inventory';
import { secretType } from '../../domain/secrets';
import { hostTypes } from '../../domain/types';
import type { Call, Report } from '../command';
import { CommandError } from '../exit-codes';
import { readJson } from '../inputs';
import { fieldsOf } from '../output';
import { addresses, find, findObject } from '../rows';
import { given } from './crud';

interface Answer {
  readonly allowed: boolean;
  readonly rule: string;
  readonly candidates: readonly {
    readonly permission: string;
    readonly result: string;
    readonly reason: string;
  }[];
}

/** The type and the key of what was written as a row. */
async function rowOf({ client, text }: Call): Promise<{ readonly object_type: string; readonly id: string }> {
  const key = text('row');
  const at = key.indexOf('/');
  const type = key.slice(0, Math.max(at, 0));
  if (hostTypes.targets.has(type)) return { object_type: type, id: key.slice(at + 1) };
  if (/^[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*$/.test(type))
    return { object_type: objectType.name, id: (await findObject(client, key)).id };
  return { object_type: secretType.name, id: (await find(client, 'secret', key)).id };
}

async function permissionOf({ client, text, maybe }: Call, type: string) {
  const name = maybe('permission');
  const constraints = readJson('constraints', maybe('constraints'), maybe('constraintsFile'));
  if (name !== undefined && constraints !== undefined)
    throw new CommandError('usage', 'A permission has its constraints already.', 'Give one of the two.');
  if (name !== undefined) return { id: (await find(client, 'permission', name)).id };
  return constraints === undefined ? undefined : { object_types: [type], actions: [text('action')], constraints };
}

/** Asks the policy about a user, and shows what each permission says. */
export async function testPermission(call: Call): Promise<Report> {
  const { client, text, maybe } = call;
  const row = await rowOf(call);
  const object = maybe('object');
  const body = given({
    user: text('user'),
    action: text('action'),
    ...row,
    permission: await permissionOf(call, row.object_type),
    object: object === undefined ? undefined : { id: (await findObject(client, object)).id },
  });
  const answer = await client.request<Answer>('POST', `${addresses.permission}test/`, body);
  const { allowed, rule, candidates } = answer;
  const rows = candidates.map(({ permission, result, reason }) => [permission, result, reason]);
  const table = rows.length > 0 ? ['', { columns: ['permission', 'result', 'what failed'], rows }] : [];
  return {
    json: answer,
    shown: [fieldsOf({ allowed: allowed ? 'yes' : 'no', rule }), ...table],
    ending: allowed ? 'ok' : 'no',
  };
}
