import { existsSync } from 'node:fs';
import { basename } from 'node:path';
import { unreachedFrom } from './support/graph';
import { at, doors, readManifest, readText, sources, workspaces } from './support/tree';

const files = sources();
const lines = (text: string) => text.split('\n').length - 1;

/** The lines that hold code: not blank, and not of a comment that has its lines to itself. */
const codeLines = (text: string) =>
  text
    .replace(/^[ \t]*\/\*[^]*?\*\/[ \t]*$/gm, '')
    .split('\n')
    .filter((line) => !/^\s*(\/\/|$)/.test(line)).length;

test('the kernel stays small: core without templates and testing is under 1,200 lines of code', () => {
  const kernel = [...files].filter(
    ([path]) => path.startsWith('core/src/') && !/^core\/src\/(templates\/|testing\/|testing\.ts$)/.test(path),
  );
  expect(kernel.length).toBeGreaterThan(20);
  expect(kernel.reduce((sum, [, text]) => sum + codeLines(text), 0)).toBeLessThan(1200);
});

test('a line of code is one that is neither blank nor comment', () => {
  const text = [
    '/** One. */',
    '/**',
    ' * Two.',
    ' */',
    '',
    '// three',
    "const glob = '/*';",
    'const a = 2 // four',
    '  * 3; /* five */',
    '  /* six */',
    "const end = '*/';",
  ];
  expect(codeLines(`${text.join('\n')}\n`)).toBe(4);
});

test('no source file is over 250 lines', () => {
  const exceptions = new Set<string>();
  const long = [...files].filter(([path, text]) => !exceptions.has(path) && lines(text) > 250);
  expect(long.map(([path, text]) => `${path}: ${lines(text)}`)).toEqual([]);
});

/** The sources behind the files in dist that a `bin` starts. */
function startedByBins(): string[] {
  return workspaces().flatMap(({ folder, manifest }) =>
    Object.values(manifest.bin ?? {}).flatMap((bin) =>
      [...readText(`${folder}/${bin}`).matchAll(/dist\/([\w/-]+)/g)].map(([, stem]) => `${folder}/src/${stem}.ts`),
    ),
  );
}

test('every source file is reached from a door, the main file or a command', () => {
  const entries = [...workspaces().flatMap(doors), 'host/src/main.ts', ...startedByBins()];
  expect(
    unreachedFrom(
      entries.filter((path) => existsSync(at(path))),
      files,
    ),
  ).toEqual([]);
});

test('an unreferenced file is found', () => {
  const three = new Map([
    ['index.ts', "export { a } from './a';"],
    ['a.ts', ''],
    ['orphan.ts', "import { a } from './a';"],
  ]);
  expect(unreachedFrom(['index.ts'], three)).toEqual(['orphan.ts']);
});

test('every version is exact; peers of this house may be ranges', () => {
  const loose = ['.', ...workspaces().map(({ folder }) => folder)].flatMap((folder) => {
    const { dependencies, devDependencies, optionalDependencies, overrides, peerDependencies } = readManifest(folder);
    const peers = Object.entries(peerDependencies ?? {}).filter(([name]) => !name.startsWith('@latchkey/'));
    const all = [dependencies, devDependencies, optionalDependencies, overrides].flatMap((some) =>
      Object.entries(some ?? {}),
    );
    return [...all, ...peers]
      .filter(([, version]) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version))
      .map(([name, version]) => `${folder}: ${name} ${version}`);
  });
  expect(loose).toEqual([]);
});

test('files are named in kebab-case', () => {
  const others = [...files.keys()].filter((path) => !/^[a-z0-9]+(-[a-z0-9]+)*(\.d)?\.\w+$/.test(basename(path)));
  expect(others).toEqual([]);
});

test.each([
  ['unfinished work', /\b(TODO|FIXME|XXX)\b/],
  ['a silenced compiler', /@ts-(ignore|expect-error|nocheck)/],
  ['a swallowed error', /catch\s*(\([^)]*\))?\s*\{\s*\}/],
  // The probe for the flag that forbids it makes a function of a text that does nothing.
  ['code made of text', /\beval\(|\bnew Function\((?!'return true'\))/],
])('no source file holds %s', (_, pattern) => {
  expect([...files].filter(([, text]) => pattern.test(text)).map(([path]) => path)).toEqual([]);
});
