import { execFileSync } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  realpathSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
  linkSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { silentLogger } from '@latchkey/core';
import { textFile, type TextFileOptions } from './index';

const canary = 'canary-outside';
let base: string;
let root: string;

const read = (path: string, options: TextFileOptions = { roots: [root] }, raw = false) =>
  textFile(options).fetch({
    parameters: { path, raw },
    store: undefined,
    signal: new AbortController().signal,
    logger: silentLogger,
    confirm: () => {},
  });

beforeAll(() => {
  base = realpathSync(mkdtempSync(join(tmpdir(), 'latchkey-text-file-')));
  root = join(base, 'root');
  for (const folder of ['root/sub', 'root/data', 'rootX', 'outside'])
    mkdirSync(join(base, folder), { recursive: true });
  writeFileSync(join(root, 'ok.txt'), '  value \n');
  writeFileSync(join(root, 'empty.txt'), '');
  writeFileSync(join(root, 'sub/deep.txt'), 'deep');
  writeFileSync(join(root, 'data/key'), canary);
  writeFileSync(join(root, 'bad.txt'), Buffer.from([0x61, 0xff, 0xfe, 0x0a]));
  writeFileSync(join(root, 'bom.txt'), '\ufeffvalue\n');
  writeFileSync(join(root, '%2e%2e'), 'percent');
  writeFileSync(join(root, '\u2025'), 'two-dot leader');
  writeFileSync(join(root, 'exact.txt'), 'x'.repeat(100));
  writeFileSync(join(root, 'one-more.txt'), 'x'.repeat(101));
  writeFileSync(join(base, 'rootX/secret.txt'), canary);
  writeFileSync(join(base, 'outside/secret.txt'), canary);
  writeFileSync(join(root, 'sparse.txt'), '');
  truncateSync(join(root, 'sparse.txt'), 5 * 2 ** 30);
  symlinkSync('ok.txt', join(root, 'relative-inside'));
  symlinkSync(join(root, 'ok.txt'), join(root, 'absolute-inside'));
  symlinkSync('sub', join(root, 'folder-inside'));
  symlinkSync('../outside/secret.txt', join(root, 'relative-outside'));
  symlinkSync(join(base, 'outside/secret.txt'), join(root, 'absolute-outside'));
  symlinkSync(join(base, 'outside'), join(root, 'folder-outside'));
  symlinkSync('loop', join(root, 'loop'));
  symlinkSync('nowhere', join(root, 'dangling'));
  symlinkSync('/proc/self/environ', join(root, 'environ'));
  symlinkSync('data/key', join(root, 'key'));
  symlinkSync(root, join(base, 'alias'));
  linkSync(join(base, 'outside/secret.txt'), join(root, 'hard-link'));
  execFileSync('mkfifo', [join(root, 'fifo')]);
});
afterAll(() => rmSync(base, { recursive: true, force: true }));

describe('gives', () => {
  test.each([
    ['ok.txt', 'value'],
    ['empty.txt', ''],
    ['sub/deep.txt', 'deep'],
    ['relative-inside', 'value'],
    ['absolute-inside', 'value'],
    ['folder-inside/deep.txt', 'deep'],
    ['bom.txt', '\ufeffvalue'],
    ['%2e%2e', 'percent'],
    ['\u2025', 'two-dot leader'],
    ['/ok.txt', 'value'],
    ['./ok.txt', 'value'],
  ])('the text of %s', async (name, value) => expect(await read(`${root}/${name}`)).toBe(value));

  test('a file of a root that is itself a link, and by a path that leads through one', async () => {
    expect(await read(`${base}/alias/ok.txt`, { roots: [`${base}/alias`] })).toBe('value');
    expect(await read(`${base}/alias/ok.txt`)).toBe('value');
    expect(await read(`${root}/ok.txt`, { roots: [`${base}/alias/`] })).toBe('value');
  });

  test('a file of the folder that a root leads to at the time of the read', async () => {
    const current = join(base, 'current');
    const next = join(base, 'next');
    const provider = textFile({ roots: [current] });
    const seen = [];
    for (const version of ['v1', 'v2']) {
      mkdirSync(join(base, version));
      writeFileSync(join(base, version, 'f'), version);
      symlinkSync(version, next);
      renameSync(next, current);
      seen.push(
        await provider.fetch({
          parameters: { path: `${current}/f`, raw: false },
          store: undefined,
          signal: new AbortController().signal,
          logger: silentLogger,
          confirm: () => {},
        }),
      );
    }
    expect(seen).toEqual(['v1', 'v2']);
  });

  test('the exact bytes when raw', async () => {
    expect(await read(`${root}/ok.txt`, undefined, true)).toEqual(Buffer.from('  value \n'));
    expect(await read(`${root}/bad.txt`, undefined, true)).toEqual(Buffer.from([0x61, 0xff, 0xfe, 0x0a]));
    expect(await read(`${root}/empty.txt`, undefined, true)).toEqual(Buffer.alloc(0));
  });

  test('any file that is not protected where no roots are set', async () =>
    expect(await read(`${base}/outside/../root/ok.txt`, {})).toBe('value'));

  test('a file as large as the limit', async () =>
    expect(await read(`${root}/exact.txt`, { roots: [root], maxBytes: 100 })).toHaveLength(100));
});

describe('has no value for', () => {
  test.each([
    ['an absent file', () => `${root}/absent`],
    ['a folder', () => `${root}/sub`],
    ['the root itself', () => root],
    ['a FIFO', () => `${root}/fifo`],
    ['a link to itself', () => `${root}/loop`],
    ['a link to nothing', () => `${root}/dangling`],
    ['a trailing slash', () => `${root}/ok.txt/`],
    ['a path through a file', () => `${root}/ok.txt/x`],
    ['a NUL suffix', () => `${root}/ok.txt\0.png`],
    ['a relative path', () => 'ok.txt'],
    ['an empty path', () => ''],
    ['5,000 characters', () => `${root}/${'a'.repeat(5000)}`],
    ['a decomposed name', () => `${root}/ok\u0301.txt`],
    ['dot segments that lead outside', () => `${root}/../outside/secret.txt`],
    ['percent-encoded dots', () => `${root}/..%2foutside/secret.txt`],
    ['a relative link that leads outside', () => `${root}/relative-outside`],
    ['an absolute link that leads outside', () => `${root}/absolute-outside`],
    ['a linked folder outside', () => `${root}/folder-outside/secret.txt`],
    ['a sibling whose name starts as the root does', () => `${base}/rootX/secret.txt`],
    ['a file outside', () => `${base}/outside/secret.txt`],
    ['an absent file outside', () => `${base}/outside/absent`],
    ['/etc/passwd', () => '/etc/passwd'],
    ['/proc/self/environ', () => '/proc/self/environ'],
    ['a link to /proc', () => `${root}/environ`],
    ['/dev/zero', () => '/dev/zero'],
    ['/dev/stdin', () => '/dev/stdin'],
    ['a drive letter', () => 'C:\\secret.txt'],
    ['a stream name', () => `${root}/ok.txt::$DATA`],
  ])('%s', async (_case, path) => expect(await read(path())).toBeUndefined());

  test.each(['/proc/self/environ', '/proc/self/status', '/proc/version', '/sys/kernel/uevent_seqnum', '/dev/zero'])(
    '%s, even where every place, or that place, is a root',
    async (path) => {
      for (const roots of [undefined, ['/'], [path], ['/proc', '/sys', '/dev']])
        expect(await read(path, { roots })).toBeUndefined();
    },
  );

  test('what the host protects, by every name, whatever the roots', async () => {
    for (const paths of [[join(root, 'data')], [join(root, 'data/')], [join(root, 'data/key')], [`${base}/alias/data`]])
      for (const roots of [undefined, [root], [join(root, 'data')], ['/']])
        for (const path of ['data/key', 'key', 'sub/../data/key'])
          expect(await read(`${root}/${path}`, { roots, boundary: { paths } })).toBeUndefined();
    expect(await read(`${root}/ok.txt`, { boundary: { paths: [join(root, 'o')] } })).toBe('value');
  });

  test('what the host protects and makes later, by a path that leads through a link', async () => {
    const provider = textFile({ boundary: { paths: [`${base}/alias/later`] } });
    const reading = () =>
      provider.fetch({
        parameters: { path: join(root, 'later/key'), raw: false },
        store: undefined,
        signal: new AbortController().signal,
        logger: silentLogger,
        confirm: () => {},
      });
    expect(await reading()).toBeUndefined();
    mkdirSync(join(root, 'later'));
    writeFileSync(join(root, 'later/key'), canary);
    expect(await reading()).toBeUndefined();
    expect(await read(join(root, 'later/key'))).toBe(canary);
  });

  test('anything where the roots are none', async () =>
    expect(await read(`${root}/ok.txt`, { roots: [] })).toBeUndefined());
});

describe('refuses, without its content,', () => {
  test.each([
    ['a file with hard links', 'hard-link', 'denied'],
    ['a sparse file of 5 GB', 'sparse.txt', 'malformed'],
    ['text that is not UTF-8', 'bad.txt', 'malformed'],
  ])('%s', async (_case, name, code) => {
    const failure = await Promise.resolve(read(`${root}/${name}`)).then(
      () => undefined,
      (error: unknown) => error,
    );
    expect(failure).toMatchObject({ name: 'ProviderFailure', code });
    expect(String(failure)).not.toContain(canary);
  });

  test('a file one byte larger than the limit', async () =>
    expect(read(`${root}/one-more.txt`, { roots: [root], maxBytes: 100 })).rejects.toMatchObject({
      code: 'malformed',
      message: 'The file "{path}" is larger than 100 bytes.',
    }));

  test('a read whose caller gave up', async () => {
    const signal = AbortSignal.abort();
    const reading = textFile().fetch({
      parameters: { path: `${root}/ok.txt`, raw: false },
      store: undefined,
      signal,
      logger: silentLogger,
      confirm: () => {},
    });
    await expect(reading).rejects.toBe(signal.reason);
  });
});

test('the host is told the path without links of what is open, and can still refuse it', async () => {
  symlinkSync(join(root, 'sub'), join(root, 'shortcut'));
  const confirm = jest.fn();
  const request = { store: undefined, signal: new AbortController().signal, logger: silentLogger };
  const parameters = { path: join(root, 'shortcut/deep.txt'), raw: false };
  await textFile({ roots: [root] }).fetch({ ...request, parameters, confirm });
  expect(confirm.mock.calls).toEqual([[{ path: join(root, 'sub/deep.txt') }]]);
  confirm.mockImplementation(() => {
    throw new Error('refused');
  });
  await expect(textFile({ roots: [root] }).fetch({ ...request, parameters, confirm })).rejects.toThrow('refused');
});

test('a protected file stays so while the links to it are turned, and where it was stays so too', async () => {
  // As a kubelet mounts a secret: name -> ..data/name, ..data -> a folder of this version.
  const mount = join(root, 'mounted');
  for (const version of ['v1', 'v2']) {
    mkdirSync(join(mount, version), { recursive: true });
    writeFileSync(join(mount, version, 'token'), canary);
  }
  symlinkSync('v1', join(mount, 'data'));
  symlinkSync('data/token', join(mount, 'token'));
  const token = join(mount, 'token');
  const provider = textFile({ roots: [root], boundary: { paths: [token] } });
  const request = { store: undefined, signal: new AbortController().signal, logger: silentLogger, confirm: () => {} };
  const fetch = (path: string) => provider.fetch({ ...request, parameters: { path, raw: false } });
  expect(await fetch(token)).toBeUndefined();
  symlinkSync('v2', join(mount, 'next'));
  renameSync(join(mount, 'next'), join(mount, 'data'));
  expect(await fetch(token)).toBeUndefined();
  expect(await fetch(join(mount, 'v1/token'))).toBeUndefined();
  expect(await fetch(join(mount, 'v2/token'))).toBeUndefined();
});
