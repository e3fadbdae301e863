import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { coreError } from '../errors';
import type { Manifest } from '../manifest';
import type { Plugin } from '../plugin';
import type { PluginFacts } from './registry';

type Json = Record<string, unknown>;

/** True when core itself runs from its source: plugins are then loaded from theirs, to share this core. */
export const fromSource = __filename.endsWith('.ts');
const conditions = new Set([...(fromSource ? ['@latchkey/source'] : []), 'node', 'import', 'require', 'default']);

/** Reads a JSON file; `undefined` when it is missing or not JSON. */
export function readJson(file: string): Json | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}

/** The folder of an installed package, seen from `root` as Node's resolution sees it. */
export function findPackage(name: string, root: string): string | undefined {
  for (let folder = resolve(root), above = ''; folder !== above; [folder, above] = [dirname(folder), folder]) {
    const found = join(folder, 'node_modules', name);
    if (existsSync(join(found, 'package.json'))) return realpathSync(found);
  }
  return undefined;
}

/** A plugin to run: an installed package by name, a package's folder, or one in memory with what a manifest says. */
export type PluginSource =
  | string
  | { readonly folder: string }
  | ({ readonly plugin: Plugin; readonly id: string } & Partial<Manifest>);

/** The package.json behind a source, and where it lies. */
export function readSource(source: PluginSource, root: string): { folder?: string; json: Json; plugin?: Plugin } {
  if (typeof source === 'object' && 'plugin' in source) {
    const { plugin, package: name = source.id, version = '0.0.0', ...latchkey } = source;
    return { plugin, json: { name, version, latchkey: { core: '*', ...latchkey } } };
  }
  const [name, folder] =
    typeof source === 'string' ? [source, findPackage(source, root)] : [source.folder, resolve(root, source.folder)];
  const json = folder && readJson(join(folder, 'package.json'));
  if (folder && json) return { folder: realpathSync(folder), json };
  throw coreError('plugin-manifest', { package: name, fault: 'no package.json can be read.' });
}

/** The plugins among the dependencies of `root`; what has no good manifest is none. */
export function discover(root: string): readonly PluginFacts[] {
  const names = Object.keys(readJson(join(root, 'package.json'))?.['dependencies'] ?? {});
  return names.flatMap((name) => {
    const folder = findPackage(name, root);
    const { version, latchkey } = (folder && readJson(join(folder, 'package.json'))) || {};
    const { id } = Object(latchkey) as { id?: unknown };
    return typeof id === 'string' ? [{ id, package: name, version: String(version) }] : [];
  });
}

const pick = (target: unknown): string | undefined => {
  if (typeof target === 'string') return target;
  const open = Object.entries(target ?? {}).filter(([key]) => Array.isArray(target) || conditions.has(key));
  return open.map(([, below]) => pick(below)).find((found) => found !== undefined);
};

/** The file that a package is loaded by: the manifest's `entry`, else "." of its `exports`, else its `main`. */
export function entryFile(folder: string, json: Json, manifest: Manifest): string {
  const exported = json['exports'] as Json | undefined;
  const path = manifest.entry ?? pick(exported?.['.'] ?? exported) ?? String(json['main'] ?? 'index.js');
  const file = [path, `${path}.js`, join(path, 'index.js')].map((end) => join(folder, end)).find(isFile);
  if (file) return file;
  throw coreError('plugin-manifest', { package: manifest.package, fault: `its entry ${path} is not there.` });
}

const isFile = (path: string) => statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;

const codeOf = (folder: string): readonly string[] =>
  readdirSync(folder, { withFileTypes: true }).flatMap((item) => {
    const path = join(folder, item.name);
    if (item.isDirectory()) return item.name === 'node_modules' ? [] : codeOf(path);
    return item.isFile() && /\.([cm]?[jt]s|json)$/.test(path) ? [path] : [];
  });

/** A digest of a package's own code. */
export const fingerprint = (folder: string): string =>
  codeOf(folder)
    .toSorted()
    .reduce((hash, file) => hash.update(file).update(readFileSync(file)), createHash('sha256'))
    .digest('hex');
