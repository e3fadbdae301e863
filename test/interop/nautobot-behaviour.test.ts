import type { Host } from '../../host/src/compose';
import { adminToken } from '../support/host-process';
import { openLocalHost } from '../support/local-host';
import { restClient, type Rest } from '../support/rest-client';
import { create } from '../support/spine';
import { removeTemporaryFolders } from '../support/temporary-folder';
import { world, type Behaviour } from './behaviours/behaviour';
import { changing } from './behaviours/changing';
import { creating } from './behaviours/creating';
import { reading } from './behaviours/reading';
import { slots } from './behaviours/slots';

jest.setTimeout(60_000);

let host: Host;
let rest: Rest;
beforeAll(async () => {
  process.env.LAMP = 'value-of-the-lamp';
  host = await openLocalHost();
  rest = restClient(await host.listen(), adminToken);
  for (const [collection, body] of world) await create(rest, collection, body);
});
afterAll(async () => {
  delete process.env.LAMP;
  await host?.close();
  removeTemporaryFolders();
});

const address = (path: string) => `/api/extras/${path}`;
const withoutHost = (value: string) => value.replace(/^https?:\/\/[^/]+/, '');

/** What was answered: the status, the headers from the root on, the body, and what another request then shows. */
async function answerTo({ method = 'GET', path, body, raw, headers, after: later }: Behaviour) {
  const answer = await rest(method, address(path), {
    ...(body !== undefined && { body }),
    ...(raw !== undefined && { raw }),
    ...(headers && { headers }),
  });
  const headed = Object.fromEntries([...answer.headers].map(([name, value]) => [name, withoutHost(value)]));
  const after = later && (await rest('GET', address(later.path))).body;
  return { status: answer.status, headed, body: answer.body as unknown, after: after as unknown };
}

describe.each([
  ['a row', creating],
  ['a change', changing],
  ['a slot', slots],
  ['an answer', reading],
])('%s', (_subject, behaviours: readonly Behaviour[]) => {
  test.each(behaviours)('$it', async (behaviour) => {
    const { status, headed = {}, is, holds, after } = behaviour;
    const answer = await answerTo(behaviour);
    expect(answer).toMatchObject({ status, headed, body: holds ?? is ?? answer.body, after: after?.holds });
    expect(answer.body).toEqual(is ?? answer.body);
  });
});
