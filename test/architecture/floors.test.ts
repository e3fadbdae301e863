import { coreHouse, floorFaults, house } from './floors';
import { circlesOf, edgesOf } from './support/graph';
import { sources } from './support/tree';

const files = sources();
const inCore = new Map([...files].filter(([path]) => path.startsWith('core/')));

test('imports between places go down only, through doors', () => {
  expect(floorFaults(house, files)).toEqual([]);
});

test('imports inside core go down only, and its leaves stand alone', () => {
  expect(floorFaults(coreHouse, inCore)).toEqual([]);
});

test('no files import each other in a circle, types included', () => {
  expect(circlesOf(edgesOf(files))).toEqual([]);
});

describe('the checker itself', () => {
  const wrong = (path: string, text: string, ...others: string[]) =>
    floorFaults(house, new Map([[path, text], ...others.map((other): [string, string] => [other, ''])]));

  test.each([
    ['up', 'host/src/domain/a.ts', "import { x } from '../writes/b';", 'host/src/writes/b.ts'],
    ['up, a type', 'host/src/domain/a.ts', "import type { X } from '../writes/b';", 'host/src/writes/b.ts'],
    ['up, by export', 'host/src/domain/a.ts', "export { x } from '../writes/b';", 'host/src/writes/b.ts'],
    ['up, by export *', 'host/src/domain/a.ts', "export * from '../writes/b';", 'host/src/writes/b.ts'],
    ['up, by require', 'host/src/domain/a.ts', "const x = require('../writes/b');", 'host/src/writes/b.ts'],
    ['up, by import()', 'host/src/domain/a.ts', "const x = () => import('../writes/b');", 'host/src/writes/b.ts'],
    ['up, by a type import()', 'host/src/domain/a.ts', "type X = import('../writes/b').X;", 'host/src/writes/b.ts'],
    ['sideways', 'host/src/writes/a.ts', "import { x } from '../resolution/b';", 'host/src/resolution/b.ts'],
    ['into persistence', 'host/src/http/a.ts', "import { x } from '../persistence/b';", 'host/src/persistence/b.ts'],
    ['past a door', 'providers/env/src/a.ts', "import { x } from '../../../core/src/errors';", 'core/src/errors.ts'],
    ['by a closed door', 'providers/env/src/a.ts', "import { x } from '@latchkey/core/kernel';"],
    ['its testers', 'host/src/writes/a.ts', "import { x } from '@latchkey/core/testing';"],
    ['a provider', 'host/src/compose.ts', "import { x } from '@latchkey/provider-text-file';"],
    ['a neighbour', 'providers/env/src/a.ts', "import { x } from '../../file/src/b';", 'providers/file/src/b.ts'],
    ['nothing', 'host/src/domain/a.ts', "import { x } from './missing';"],
    ['from no floor', 'host/src/helpers/a.ts', ''],
  ])('refuses an import that goes %s', (_, path, text, ...others) => {
    expect(wrong(path, text, ...others)).toHaveLength(1);
  });

  test('accepts an import that goes down, and what only looks like an import', () => {
    const text =
      "// import { x } from '../http/b';\nimport { y } from '../domain/c';\nexport const z = `from '../http/b'`;";
    expect(wrong('host/src/writes/a.ts', text, 'host/src/http/b.ts', 'host/src/domain/c.ts')).toEqual([]);
  });

  test('refuses a leaf of core that imports a leaf', () => {
    const two = new Map([
      ['core/src/errors.ts', "import { silentLogger } from './logger';"],
      ['core/src/logger.ts', ''],
    ]);
    expect(floorFaults(coreHouse, two)).toHaveLength(1);
  });

  test('finds a circle that only types close', () => {
    const three = new Map([
      ['a.ts', "import './b';"],
      ['b.ts', "import './c';"],
      ['c.ts', "import type { A } from './a';"],
      ['d.ts', "import './a';"],
    ]);
    expect(circlesOf(edgesOf(three))).toEqual([['a.ts', 'b.ts', 'c.ts']]);
  });
});
