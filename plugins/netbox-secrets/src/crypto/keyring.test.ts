import { createSecretKey, randomBytes } from 'node:crypto';
import { inspect } from 'node:util';
import { deriveHostKeys } from './host-keys';
import { checkEntry, createMasterKey, importMasterKey, makeKeyring, recogniseMasterKey, signEntry } from './keyring';

const foreign = expect.objectContaining({ code: 'integrity-keyring' });

test('a master key is taken over, and wiped where it was', () => {
  const bytes = randomBytes(32);
  const kept = Buffer.from(bytes);
  const master = importMasterKey(4, bytes);
  expect(master.key.export()).toEqual(kept);
  expect(bytes).toEqual(Buffer.alloc(32));
  expect(() => importMasterKey(1, randomBytes(31))).toThrow(foreign);
});

test('a mark tells one master key from another, whatever its version', () => {
  const bytes = randomBytes(32);
  const marks = [1, 2].map((version) => importMasterKey(version, Buffer.from(bytes)).mark);
  expect(marks[0]).toBe(marks[1]);
  expect(marks[0]).toMatch(/^[0-9a-f]{32}$/);
  expect(createMasterKey(1).mark).not.toBe(marks[0]);
});

test('bytes are recognised by their mark; those of a stranger are refused', () => {
  const masters = [createMasterKey(1), createMasterKey(2)];
  const entries = masters.map(({ version, mark }) => ({ version, mark }));
  for (const { version, key } of masters) expect(recogniseMasterKey(key.export(), entries).version).toBe(version);
  expect(() => recogniseMasterKey(randomBytes(32), entries)).toThrow(foreign);
});

test('the highest version seals, every version is found, an unknown one is named as such', () => {
  const [one, two] = [createMasterKey(1), createMasterKey(2)];
  const keyring = makeKeyring([one, two]);
  expect([keyring.current, keyring.get(1), keyring.get(2)]).toEqual([two, one, two]);
  expect(() => keyring.get(3)).toThrow(expect.objectContaining({ code: 'key-version' }));
  expect(() => makeKeyring([])).toThrow(expect.objectContaining({ code: 'key-version' }));
});

test('an entry that somebody wrote into the database is refused', () => {
  const keys = deriveHostKeys(createSecretKey(randomBytes(32)));
  const [ours, planted] = [createMasterKey(1), createMasterKey(1)];
  const signature = signEntry(keys, ours);
  expect(() => checkEntry(keys, ours, signature)).not.toThrow();
  expect(() => checkEntry(keys, planted, signature)).toThrow(foreign);
  expect(() => checkEntry(keys, { ...ours, version: 2 }, signature)).toThrow(foreign);
});

test('a master key that is printed shows nothing of its bytes', () => {
  const master = createMasterKey(1);
  const shown = inspect(master, { showHidden: true, depth: 9 }) + JSON.stringify(master);
  for (const key of [master.key, master.root]) {
    expect(shown).not.toContain(key.export().toString('hex').slice(0, 8));
    expect(shown).not.toContain([...key.export().subarray(0, 3)].join(','));
  }
});
