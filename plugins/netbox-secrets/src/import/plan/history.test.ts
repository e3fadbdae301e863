import { randomBytes } from 'node:crypto';
import { sqlDump } from '../../../../../test/support/netbox-dump';
import { foobar, plan, sealed, world } from '../../../../../test/support/netbox-plan';
import { removeTemporaryFolders } from '../../../../../test/support/temporary-folder';

afterAll(removeTemporaryFolders);

const older = sealed('older');
const changes = [
  { secret: 1, ...sealed('first'), action: 'create' },
  { secret: 1, ...older },
  { secret: 1, ...sealed('lost', randomBytes(32)) },
  { secret: 1, ...foobar },
  { secret: 77, ...sealed('removed') },
];
changes.splice(2, 0, { secret: 1, ...older });

test.each(['2.9', '2.11'] as const)('%s: older values are versions, each once and in order', async (release) => {
  const { of, findings } = await plan(sqlDump(world({ release, changes })));
  const [secret] = of('secret');
  expect(secret?.version).toBe(4);
  expect(of('version').map(({ version, plaintext, secret: id }) => [version, plaintext.toString(), id])).toEqual([
    [1, 'first', secret?.id],
    [2, 'older', secret?.id],
  ]);
  expect(findings).toContain('version-lost: secret 1 change 4: secret-other-key');
  expect(findings).toContain('history-of-removed: secret 77');
});

test('the change log comes over without ciphertexts and hashes', async () => {
  const { of } = await plan(sqlDump(world({ changes })));
  const [first] = of('change');
  expect(of('change')).toHaveLength(6);
  expect(first).toMatchObject({
    user: of('user')[1]?.id,
    user_name: 'alice',
    action: 'create',
    changed_object_type: 'secrets.secret',
    changed_object_id: of('secret')[0]?.id,
    before: undefined,
    after: { name: 'secret 1', tags: [] },
  });
  expect(JSON.stringify(of('change'))).not.toMatch(/pbkdf2|ciphertext/);
});

test('it stays behind where it is not wanted', async () => {
  const { of } = await plan(sqlDump(world({ changes })), { history: false });
  expect([of('change'), of('version'), of('secret')[0]?.version]).toEqual([[], [], 1]);
});
