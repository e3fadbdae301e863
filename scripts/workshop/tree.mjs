import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** The root folder of the repository. */
export const root = resolve(import.meta.dirname, '../..');

/** A path below the root. */
export const at = (...parts) => join(root, ...parts);

/** The parsed content of a JSON file. */
export const readJson = (file) => JSON.parse(readFileSync(file, 'utf8'));

/** The folders of the workspaces, relative to the root; a trailing `/*` in package.json stands for each package below. */
export function workspaces() {
  const folders = readJson(at('package.json')).workspaces.flatMap((pattern) => {
    if (!pattern.endsWith('/*')) return [pattern];
    const parent = pattern.slice(0, -2);
    return existsSync(at(parent)) ? readdirSync(at(parent)).map((name) => `${parent}/${name}`) : [];
  });
  return folders.filter((folder) => existsSync(at(folder, 'package.json'))).toSorted();
}
