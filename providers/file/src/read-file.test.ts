import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  renameSync,
  rmSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { createPlaces } from './places';
import { isOpenedFrom, readFile } from './read-file';

// Generous, for a machine that is busy.
jest.setTimeout(30_000);

let base: string;
const signal = new AbortController().signal;
const confirm = jest.fn<void, [string]>();
const at = (name: string) => join(base, name);
const read = (name: string, roots: readonly string[] = [at('root')]) =>
  readFile(at(name), { mayRead: createPlaces({ roots, protectedPaths: [] }), maxBytes: 1000, signal, confirm });

beforeEach(() => {
  base = realpathSync(mkdtempSync(join(tmpdir(), 'latchkey-read-file-')));
  chmodSync(base, 0o755);
  for (const folder of ['root', 'outside']) mkdirSync(at(folder));
});
afterEach(() => rmSync(base, { recursive: true, force: true }));

type Steps = readonly (() => void)[];

/** Reads over and over while the steps go round, with a rest after each round; gives how often each outcome was seen. */
async function readWhile(steps: Steps, name: string, reads = 4000): Promise<Record<string, number>> {
  const seen: Record<string, number> = {};
  const progress = { left: reads, running: 8 };
  const reader = async () => {
    for (; progress.left > 0; progress.left -= 1) {
      const outcome = await read(name).then(
        (bytes) => (bytes === undefined ? 'absent' : `"${bytes.toString()}"`),
        (error: { code: string }) => error.code,
      );
      seen[outcome] = (seen[outcome] ?? 0) + 1;
    }
    progress.running -= 1;
  };
  const readers = Promise.all(Array.from({ length: progress.running }, reader));
  while (progress.running > 0) {
    for (const step of steps) {
      step();
      await turn();
    }
    for (let rest = 0; rest < 24; rest += 1) await turn();
  }
  await readers;
  return seen;
}

/** Puts `other` in the place of `name`, and back. */
const exchange = (name: string, other: string): Steps => [
  () => renameSync(at(name), at(`${name}.aside`)),
  () => renameSync(at(other), at(name)),
  () => renameSync(at(name), at(other)),
  () => renameSync(at(`${name}.aside`), at(name)),
];

const good = new Set(['"inside"', 'absent', 'unavailable']);

describe('while names are swapped', () => {
  test('a folder and a link to the outside: the file inside or none, never the one outside', async () => {
    mkdirSync(at('root/place'));
    writeFileSync(at('root/place/f'), 'inside');
    writeFileSync(at('outside/f'), 'outside');
    symlinkSync(at('outside'), at('root/link'));
    const seen = await readWhile(exchange('root/place', 'root/link'), 'root/place/f');
    expect(Object.keys(seen).filter((outcome) => !good.has(outcome))).toEqual([]);
    expect(seen['"inside"']).toBeGreaterThan(0);
  });

  test('a file and a FIFO: the file or none, never a wait and never an empty value', async () => {
    writeFileSync(at('root/file'), 'inside');
    execFileSync('mkfifo', [at('root/fifo')]);
    const put = (make: (name: string) => void) => () => {
      make(at('root/next'));
      renameSync(at('root/next'), at('root/file'));
    };
    const steps = [put((name) => linkSync(at('root/fifo'), name)), put((name) => writeFileSync(name, 'inside'))];
    const seen = await readWhile(steps, 'root/file');
    expect(Object.keys(seen).filter((outcome) => !good.has(outcome))).toEqual([]);
    expect(seen['"inside"']).toBeGreaterThan(0);
  });

  test('a file and its next version: the old one or the new one', async () => {
    writeFileSync(at('root/f'), 'v0');
    let version = 0;
    const replace = () => {
      writeFileSync(at('root/next'), `v${(version += 1)}`);
      renameSync(at('root/next'), at('root/f'));
    };
    const seen = await readWhile([replace], 'root/f', 1000);
    expect(Object.keys(seen).filter((outcome) => !/^"v\d+"$|^unavailable$/.test(outcome))).toEqual([]);
    expect(Object.keys(seen).length).toBeGreaterThan(2);
  });
});

describe.each([
  ['the table of descriptors', '/proc/self/fd'],
  ['names and inodes, where there is no such table', '/no/such/folder'],
])('an open file is recognised by %s', (_way, descriptors) => {
  test('as the one at its place', async () => {
    writeFileSync(at('root/f'), 'a');
    const handle = await open(at('root/f'));
    expect(await isOpenedFrom(handle, at('root/f'), descriptors)).toBe(true);
    await handle.close();
  });

  test('not when the name leads elsewhere, is another file, or is gone', async () => {
    writeFileSync(at('outside/f'), 'a');
    symlinkSync(at('outside'), at('root/d'));
    writeFileSync(at('root/f'), 'a');
    const outside = await open(at('root/d/f'));
    const replaced = await open(at('root/f'));
    writeFileSync(at('root/g'), 'b');
    renameSync(at('root/g'), at('root/f'));
    expect(await isOpenedFrom(outside, at('root/d/f'), descriptors)).toBe(false);
    expect(await isOpenedFrom(replaced, at('root/f'), descriptors)).toBe(false);
    unlinkSync(at('root/f'));
    expect(await isOpenedFrom(replaced, at('root/f'), descriptors)).toBe(false);
    await Promise.all([outside.close(), replaced.close()]);
  });
});

describe('without permission', () => {
  const nobody = 65_534;
  const asNobody = async <T>(action: () => Promise<T>): Promise<T> => {
    if (process.getuid?.() !== 0) return action();
    process.seteuid?.(nobody);
    try {
      return await action();
    } finally {
      process.seteuid?.(0);
    }
  };

  test('an unreadable file inside is denied; one outside answers as an absent one', async () => {
    for (const folder of ['root', 'outside']) {
      writeFileSync(at(`${folder}/f`), 'canary', { mode: 0o000 });
      mkdirSync(at(`${folder}/closed`));
      writeFileSync(at(`${folder}/closed/f`), 'canary');
      chmodSync(at(`${folder}/closed`), 0o000);
    }
    await asNobody(async () => {
      await expect(read('root/f')).rejects.toMatchObject({ code: 'denied' });
      for (const name of ['root/closed/f', 'outside/f', 'outside/closed/f', 'outside/absent'])
        expect(await read(name)).toBeUndefined();
    });
    for (const folder of ['root', 'outside']) chmodSync(at(`${folder}/closed`), 0o755);
  });
});
