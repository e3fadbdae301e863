import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

export const root = resolve(__dirname, '../../..');

export const at = (...parts: string[]): string => join(root, ...parts);

export const readText = (path: string): string => readFileSync(at(path), 'utf8');

export interface Manifest {
  readonly name: string;
  readonly workspaces?: readonly string[];
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly overrides?: Readonly<Record<string, string>>;
  readonly bin?: Readonly<Record<string, string>>;
  readonly exports?: Readonly<Record<string, string | Readonly<Record<string, string>>>>;
}

export interface Workspace {
  readonly folder: string;
  readonly manifest: Manifest;
}

export const readManifest = (folder: string): Manifest => JSON.parse(readText(`${folder}/package.json`)) as Manifest;

/** Every workspace of the root package.json, `test` included. */
export function workspaces(): Workspace[] {
  const folders = (readManifest('.').workspaces ?? []).flatMap((pattern) => {
    if (!pattern.endsWith('/*')) return [pattern];
    const parent = pattern.slice(0, -2);
    return existsSync(at(parent)) ? readdirSync(at(parent)).map((name) => `${parent}/${name}`) : [];
  });
  return folders
    .filter((folder) => existsSync(at(folder, 'package.json')))
    .map((folder) => ({ folder, manifest: readManifest(folder) }));
}

const isSource = (name: string) => /\.(ts|mts|js|mjs|cjs)$/.test(name) && !/(\.test\.\w+|\.d\.ts)$/.test(name);

function filesBelow(folder: string): string[] {
  return readdirSync(at(folder), { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory()) return ['node_modules', 'dist', 'bin'].includes(entry.name) ? [] : filesBelow(path);
    return isSource(entry.name) ? [path] : [];
  });
}

/** The text of every source file that ships, by path relative to the root; tests are not among them. */
export function sources(): Map<string, string> {
  const shipped = workspaces().filter(({ folder }) => folder !== 'test');
  const paths = shipped.flatMap(({ folder }) => filesBelow(folder));
  return new Map(paths.toSorted().map((path) => [path, readText(path)]));
}

/** The source files behind the `exports` of a workspace; a door that is not written yet is left out. */
export function doors({ folder, manifest }: Workspace): string[] {
  return Object.values(manifest.exports ?? {})
    .map((target) => (typeof target === 'string' ? target : (target['@latchkey/source'] ?? target['default'] ?? '')))
    .map((target) => join(folder, target))
    .filter((path) => isSource(path) && !path.includes('/dist/') && existsSync(at(path)));
}
