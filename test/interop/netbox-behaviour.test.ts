import { adminToken } from '../support/host-process';
import { openNetboxHost, type NetboxHost } from '../support/netbox-host';
import { removeTemporaryFolders } from '../support/temporary-folder';
import type { Behaviour, Version } from './netbox-behaviours/behaviour';
import { creating } from './netbox-behaviours/creating';
import { filters } from './netbox-behaviours/filters';
import { keys } from './netbox-behaviours/keys';
import { lists } from './netbox-behaviours/lists';
import { permissions } from './netbox-behaviours/permissions';
import { plugin } from './netbox-behaviours/plugin';
import { reading } from './netbox-behaviours/reading';
import { roles } from './netbox-behaviours/roles';
import { makeWorld, type People } from './netbox-behaviours/world';

jest.setTimeout(120_000);

let opened: NetboxHost;
let people: People;
beforeAll(async () => {
  opened = await openNetboxHost();
  people = await makeWorld(opened, adminToken);
});
afterAll(async () => {
  await opened?.host.close();
  removeTemporaryFolders();
});

const address = (path: string) => (path.startsWith('/') ? path : `/api/secrets/${path}`);

/** What was answered: the status, the headers, the body or the text, and what another request then shows. */
async function answerTo(version: Version, behaviour: Behaviour) {
  const { method = 'GET', path, as = 'admin', key, body, raw, headers, after: later } = behaviour;
  const { token, key: own } = people[as] ?? { token: '' };
  const asked = { Accept: `application/json; version=${version}` };
  const answer = await opened.rest(method, address(path), {
    token,
    ...(body !== undefined && { body }),
    ...(raw !== undefined && { raw }),
    headers: { ...asked, ...(key !== undefined && { 'X-Session-Key': key === true ? (own ?? '') : key }), ...headers },
  });
  const after = later && (await opened.rest('GET', address(later.path), { headers: asked })).body;
  const shown = (answer.body ?? answer.text) as unknown;
  return { status: answer.status, headed: Object.fromEntries(answer.headers), body: shown, after: after as unknown };
}

describe.each(['2.9', '2.11'] as const)('NetBox %s', (version) => {
  describe.each([
    ['an answer', reading],
    ['a filter', filters],
    ['a key', keys],
    ['a role', roles],
    ['a secret', creating],
    ['a list', lists],
    ['a permission', permissions],
    ['the plugin', plugin],
  ])('%s', (_subject, behaviours) => {
    test.each(behaviours(version))('$it', async (behaviour) => {
      const { status, headed = {}, is, holds, after } = behaviour;
      const answer = await answerTo(version, behaviour);
      expect(answer).toMatchObject({ status, headed, body: holds ?? is ?? answer.body, after: after?.holds });
      expect(answer.body).toEqual(is ?? answer.body);
    });
  });
});
