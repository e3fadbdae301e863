import { silentLogger } from '@latchkey/core';
import { MemoryUnitOfWork } from '../../../test/support/memory-unit-of-work';
import { defineCollection } from '../collections/collection';
import { collections } from '../collections/collections';
import { describeType, standardFields } from '../domain/descriptor';
import { objectType } from '../domain/inventory';
import { createDefinitions } from '../resolution/definitions';
import { hostAccess, type HostParts } from './access';
import type { HostExtension } from './contract';
import { joinExtensions } from './extensions';
import { runJobs } from './jobs';

const typeNamed = (name: string, table = name.replace('.', '_')) =>
  describeType({
    name,
    label: 'thing',
    table,
    fields: { ...standardFields, name: { kind: 'text', max: 10, required: true } },
    unique: [],
    order: ['name'],
    display: 'name',
  });
const collectionOf = (type: ReturnType<typeof typeNamed>, address = 'acme/things') =>
  defineCollection({ type, address, title: 'Things', fields: ['name'], filters: ['name'], keys: [], naturalKey: [] });
const thing = typeNamed('acme.thing');
const inner = describeType({ ...thing, name: 'acme.inner', table: 'acme_inner', internal: true, logged: false });

describe('extensions that are joined', () => {
  test('bring their types, which permissions can be about unless they are internal', () => {
    const { types, collections: offered } = joinExtensions(
      [{ name: 'acme', types: [thing, inner], collections: [collectionOf(thing)] }],
      [],
    );
    expect([types.get('acme.inner'), types.targets.has('acme.inner')]).toEqual([inner, false]);
    expect(types.targets.get('acme.thing')).toBe(thing);
    expect(offered.map(({ address }) => address)).toEqual(['acme/things']);
  });

  const refused: readonly [why: string, extensions: readonly HostExtension[], says: string][] = [
    [
      'a type of a name that is taken',
      [
        { name: 'a', types: [thing] },
        { name: 'b', types: [thing] },
      ],
      'acme.thing',
    ],
    ['a table that is taken', [{ name: 'a', types: [typeNamed('acme.other', 'secrets')] }], 'table secrets'],
    ['a word of the host', [{ name: 'a', types: [typeNamed('extras.thing')] }], "host's own"],
    ['a word of its internal types', [{ name: 'a', types: [typeNamed('latchkey.thing')] }], "host's own"],
    ['a word of its records', [{ name: 'a', types: [typeNamed('audit.thing')] }], "host's own"],
    [
      'an address that is taken',
      [{ name: 'a', types: [thing], collections: [collectionOf(thing, 'extras/tags')] }],
      'extras/tags',
    ],
    [
      'a collection of no type of its own',
      [{ name: 'a', collections: [collectionOf(thing)] }],
      'not one that it brings',
    ],
    [
      'a collection of an internal type',
      [{ name: 'a', types: [inner], collections: [collectionOf(inner as never)] }],
      'internal',
    ],
    ['the dialect of the host', [{ name: 'a', dialect: { name: 'nautobot', versions: [], latest: '' } }], 'dialect'],
  ];
  test.each(refused)('are refused with %s', (_, extensions, says) => {
    expect(() => joinExtensions(extensions, [collections.tags])).toThrow(
      expect.objectContaining({ code: 'extension', message: expect.stringContaining(says) }),
    );
  });

  test('are closed again, the last first, where one of them does not open', async () => {
    const closed: string[] = [];
    const opening = (name: string): HostExtension => ({
      name,
      open: () => ({ close: async () => void closed.push(name) }),
    });
    const failing: HostExtension = { name: 'c', open: () => Promise.reject(new Error('no')) };
    const joined = joinExtensions([opening('a'), opening('b'), failing], []);
    await expect(joined.open(() => ({}) as never)).rejects.toThrow('no');
    expect(closed).toEqual(['b', 'a']);
  });
});

test('a transaction of an extension changes its internal types alone', async () => {
  const unitOfWork = new MemoryUnitOfWork();
  const parts = { unitOfWork, definitions: createDefinitions(unitOfWork), accessLog: {}, principals: {}, tokenKey: {} };
  const accessOf = hostAccess(parts as unknown as HostParts);
  const host = accessOf({ name: 'acme', types: [thing, inner] });
  const row = { id: 'x', created: '', last_updated: '', name: 'n' };
  expect((await host.run((tx) => tx.insert(inner, row))).name).toBe('n');
  for (const type of [thing, objectType]) {
    await expect(host.run((tx) => tx.insert(type as typeof thing, row))).rejects.toThrow('use its writes');
    await expect(host.run((tx) => tx.update(type as typeof thing, 'x', { name: 'm' }))).rejects.toThrow(
      'use its writes',
    );
    await expect(host.run((tx) => tx.remove(type, 'x'))).rejects.toThrow('use its writes');
  }
});

test('a job that fails runs again, what it said is not logged, and the stop waits for its run', async () => {
  const warned: unknown[] = [];
  const logger = { ...silentLogger, warn: (...words: unknown[]) => void warned.push(words) };
  let runs = 0;
  let ended = false;
  let began = (): void => {};
  const running = new Promise<void>((resolve) => (began = resolve));
  const jobs = runJobs(
    [
      {
        name: 'sweep',
        every: 1,
        async run(signal) {
          runs += 1;
          if (runs === 1) throw new Error('the password is hunter2');
          began();
          await new Promise<void>((resolve) => signal.addEventListener('abort', () => setImmediate(resolve)));
          ended = true;
        },
      },
    ],
    logger,
  );
  await running;
  await jobs.close();
  expect([runs, ended]).toEqual([2, true]);
  expect(JSON.stringify(warned)).toContain('sweep');
  expect(JSON.stringify(warned)).not.toContain('hunter2');
});
