import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { generateToken, loadTokenKey } from './token-key';

let folder: string;
let file: string;

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'latchkey-key-'));
  file = path.join(folder, 'keys/token.key');
});

afterEach(() => rmSync(folder, { recursive: true }));

test('twenty starts at once make one key, for its owner alone', async () => {
  const keys = await Promise.all(Array.from({ length: 20 }, () => loadTokenKey(file, { make: true })));
  expect(new Set(keys.map(({ id }) => id)).size).toBe(1);
  expect(new Set(keys.map(({ hash }) => hash('token'))).size).toBe(1);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(readdirSync(path.dirname(file))).toEqual(['token.key']);
});

test('a lost key is not replaced', async () => {
  await expect(loadTokenKey(file, { make: false })).rejects.toMatchObject({ code: 'token-key-file' });
  expect(existsSync(file)).toBe(false);
});

test('neither the id nor a hash gives the key away, and two keys hash differently', async () => {
  const one = await loadTokenKey(file, { make: true });
  const other = await loadTokenKey(path.join(folder, 'other.key'), { make: true });
  expect(readFileSync(file, 'utf8')).not.toContain(one.id);
  expect(one.hash('token')).not.toBe(other.hash('token'));
  expect(one.hash('token')).toMatch(/^[0-9a-f]{64}$/);
});

test('a file that holds no key is refused', async () => {
  const bad = path.join(folder, 'bad.key');
  writeFileSync(bad, 'hunter2');
  const refused = loadTokenKey(bad, { make: true });
  await expect(refused).rejects.toMatchObject({ code: 'token-key-file' });
  await expect(refused).rejects.not.toThrow('hunter2');
});

test('a generated token has the form that clients expect, and begins with its public id', () => {
  const token = generateToken('0A1B2C3D-0000-4000-8000-000000000000');
  expect(token).toMatch(/^0a1b2c3d[0-9a-f]{32}$/);
  expect(generateToken('0A1B2C3D-0000-4000-8000-000000000000')).not.toBe(token);
});
