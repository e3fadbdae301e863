import { createHost, type Host } from '../../host/src/compose';
import { adminToken } from '../support/host-process';
import { localConfig } from '../support/local-host';
import { restClient, type Rest, type RestAnswer } from '../support/rest-client';
import { create } from '../support/spine';
import { removeTemporaryFolders } from '../support/temporary-folder';

jest.setTimeout(60_000);

type Row = RestAnswer['body'];

const id = '5a3e0000-0000-4000-8000-000000000001';
const parts = { access_type: 'SSH', secret_type: 'password' };

let host: Host;
let rest: Rest;
let slot: Row;
beforeAll(async () => {
  host = await createHost(localConfig());
  rest = restClient(await host.listen(), adminToken);
  const provider = { provider: 'environment-variable', parameters: { variable: 'A' } };
  await create(rest, 'extras/secrets', { id, name: 'the secret', ...provider });
  await create(rest, 'extras/secrets-groups', { id, name: 'the group' });
  slot = await create(rest, 'extras/secrets-groups-associations', { id, secrets_group: id, secret: id, ...parts });
});
afterAll(async () => {
  await host.close();
  removeTemporaryFolders();
});

const rows = async (path: string): Promise<Row[]> => (await rest('GET', path)).body.results;

test('a slot is called by its own group and secret, and leads to them', async () => {
  expect(slot.display).toContain('the group');
  expect(slot.display).toContain('the secret');
  const { secret, secrets_group: group } = (await rest('GET', `/api/extras/secrets-groups-associations/${id}/?depth=1`))
    .body;
  expect([secret.name, group.name]).toEqual(['the secret', 'the group']);
});

test('a note is called by the row that it is about', async () => {
  for (const [path, note] of [
    ['secrets', 'on the secret'],
    ['secrets-groups', 'on the group'],
  ])
    expect(await rest('POST', `/api/extras/${path}/${id}/notes/`, { body: { note } })).toMatchObject({ status: 201 });
  const shown = (await rows('/api/extras/notes/')).map(({ note, display }) => [note, display.split(' - ')[0]]);
  expect(shown.toSorted()).toEqual([
    ['on the group', 'the group'],
    ['on the secret', 'the secret'],
  ]);
});

test('an id that is taken is refused without a word on the row that has it', async () => {
  const body = { id, name: 'another' };
  expect(await rest('POST', '/api/extras/secrets-groups/', { body })).toMatchObject({
    status: 400,
    body: { id: ['This id cannot be used.'] },
  });
});

test('a group that goes takes its slot along, and the log leads to what still stands alone', async () => {
  expect(await rest('DELETE', `/api/extras/secrets-groups/${id}/`)).toMatchObject({ status: 204 });
  const changes = await rows(`/api/extras/object-changes/?changed_object_id=${id}`);
  const ends = changes.filter(({ action }) => action.value !== 'update');
  const standing = ends.map((change) => [change.action.value, change.changed_object_type, !!change.changed_object]);
  expect(standing.toSorted()).toEqual(
    [
      ['create', 'extras.secret', true],
      ['create', 'extras.secretsgroup', false],
      ['create', 'extras.secretsgroupassociation', false],
      ['delete', 'extras.secretsgroup', false],
      ['delete', 'extras.secretsgroupassociation', false],
    ].toSorted(),
  );
});
