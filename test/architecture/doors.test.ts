import { doorFaults } from './doors';
import { edgesOf } from './support/graph';
import { hasDefaultExport, isBarrel } from './support/imports';
import { doors, sources, workspaces } from './support/tree';

const files = sources();
const houses = workspaces().filter(({ folder }) => folder !== 'test');
const allDoors = houses.flatMap(doors);

test.each(allDoors)('every name of %s has a doc comment', (door) => {
  expect(doorFaults(files, door)).toEqual([]);
});

test('every door that a package.json promises is there', () => {
  const promised = houses.map(({ folder, manifest }) => [folder, Object.keys(manifest.exports ?? {}).length]);
  expect(houses.map((house) => [house.folder, doors(house).length])).toEqual(promised);
});

test('no file imports the door of its own package', () => {
  const own = edgesOf(files).filter(({ from, to, specifier }) => {
    const house = houses.find(({ folder }) => from.startsWith(`${folder}/`));
    const byName = house && (specifier === house.manifest.name || specifier.startsWith(`${house.manifest.name}/`));
    return byName || (to !== undefined && allDoors.includes(to));
  });
  expect(own).toEqual([]);
});

test('only doors are barrels', () => {
  const inner = [...files].filter(([path, text]) => !allDoors.includes(path) && isBarrel(text));
  expect(inner.map(([path]) => path)).toEqual([]);
});

test('only the doors of plugins have a default export, since the loader needs a fixed name', () => {
  const plugins = new Set(allDoors.filter((door) => /^(providers|plugins|plugin-template)\//.test(door)));
  expect([...files].filter(([path, text]) => !plugins.has(path) && hasDefaultExport(text))).toEqual([]);
});

describe('the checker itself', () => {
  const check = (door: string, inner = '') =>
    doorFaults(
      new Map([
        ['index.ts', door],
        ['inner.ts', inner],
      ]),
      'index.ts',
    );

  test.each([
    ['a constant', "export { a } from './inner';", 'export const a = 1;'],
    ['a type', "export type { A } from './inner';", '/* no doc */\nexport interface A { b: 1 }'],
    ['a renamed function', "export { a as b } from './inner';", '// no doc\nexport async function a() {}'],
    ['a name below another doc', "export { a } from './inner';", '/** Of b. */\nconst b = 1;\nexport const a = b;'],
    ['a name of a library', "export { a } from './inner';", "export { a } from 'library';"],
    ['its own name', 'export const a = 1;', ''],
    ['an imported name', "import { a } from './inner';\nexport { a };", 'export const a = 1;'],
    ['a listed name', 'const a = 1;\nexport { a };', ''],
    ['everything', "export * from './inner';", '/** A. */\nexport const a = 1;'],
    ['a name that is not there', "export { a } from './inner';", ''],
  ])('refuses %s without a doc comment', (_, door, inner) => {
    expect(check(door, inner)).toHaveLength(1);
  });

  test.each([
    ['a class', "export { A } from './inner';", '/** A. */\nexport abstract class A {}'],
    ['a decorated class', "export { A } from './inner';", '/** A. */\n@injectable()\nexport class A {}'],
    [
      'overloads',
      "export { a } from './inner';",
      '/** A. */\nexport function a(): 1;\nexport function a() { return 1; }',
    ],
    ['a name of a library', "export { a } from './inner';", "/** A. */\nexport { a } from 'library';"],
  ])('accepts %s with one', (_, door, inner) => {
    expect(check(door, inner)).toEqual([]);
  });
});
