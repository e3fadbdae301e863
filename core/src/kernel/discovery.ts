import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { coreError } from '../errors';
import type { Manifest, PluginFacts } from '../manifest';
import type { Plugin } from '../plugin';

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

/** A package on disk, or what stands for one in memory. */
type Package = { readonly folder: string; readonly json: Json; readonly plugin?: Plugin };

function readPackage(folder: string): Package | undefined {
  const json = readJson(join(folder, 'package.json'));
  return json && { folder: realpathSync(folder), json };
}

/** An installed package, seen from a folder as Node's resolution sees it. */
function findPackage(name: string, folder: string): Package | undefined {
  const above = dirname(folder);
  return readPackage(join(folder, 'node_modules', name)) ?? (above === folder ? undefined : findPackage(name, above));
}

type PluginInMemory = { readonly plugin: Plugin; readonly id: string } & Partial<Manifest>;

/** A plugin to run: an installed package by name, a package's folder, or one in memory with what a manifest says. */
export type PluginSource = string | { readonly folder: string } | PluginInMemory;

/** The package behind a source, if it can be read. */
export function readSource(source: PluginSource, root: string): Package | undefined {
  if (typeof source === 'string') return findPackage(source, resolve(root));
  if (!('plugin' in source)) return readPackage(resolve(root, source.folder));
  const { plugin, package: name = source.id, version = '0.0.0', ...latchkey } = source;
  return { folder: '', plugin, json: { name, version, latchkey: { core: '*', ...latchkey } } };
}

/** Who a package says that it is, as far as that can be told. */
export const factsOf = ({ name, version, latchkey }: Json, folder: string): PluginFacts => ({
  id: String(Object(latchkey).id ?? name),
  package: String(name ?? folder),
  version: String(version),
});

/** The plugins among the dependencies of `root`; what has no good manifest is none. */
export function discover(root: string): readonly PluginFacts[] {
  const names = Object.keys(readJson(join(root, 'package.json'))?.['dependencies'] ?? {});
  return names.flatMap((name) => {
    const json = findPackage(name, resolve(root))?.json ?? {};
    return typeof Object(json['latchkey']).id === 'string' ? [{ ...factsOf(json, name), package: name }] : [];
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
  const files = [path, `${path}.js`, join(path, 'index.js')].map((end) => join(folder, end));
  const file = files.find((each) => statSync(each, { throwIfNoEntry: false })?.isFile());
  if (file) return file;
  throw coreError('plugin-manifest', { package: manifest.package, fault: `its entry ${path} is not there.` });
}

const codeOf = (folder: string): readonly string[] =>
  readdirSync(folder, { withFileTypes: true }).flatMap((item) => {
    const path = join(folder, item.name);
    if (item.isDirectory()) return item.name === 'node_modules' ? [] : codeOf(path);
    return item.isFile() && /\.([cm]?[jt]s|json)$/.test(path) ? [path] : [];
  });

const digests = new Map<string, string>();

/** Whether the package's own code is as it was when its entry was first asked about, which Node imports only once. */
export function isUnchanged(entry: string, folder: string): boolean {
  const hash = createHash('sha256');
  for (const file of codeOf(folder).toSorted()) hash.update(file).update(readFileSync(file));
  const digest = hash.digest('hex');
  digests.set(entry, digests.get(entry) ?? digest);
  return digests.get(entry) === digest;
}
