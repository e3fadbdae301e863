import { builtinModules } from 'node:module';
import { edgesOf, type Sources } from './support/graph';
import type { Manifest } from './support/tree';

/** Where each library of core and host is at home: the only files, or folders, that may import it. */
export const homes: Readonly<Record<string, readonly string[]>> = {
  '@node-rs/argon2': ['host/src/credentials'],
  commander: ['host/src/cli'],
  'csv-parse': ['host/src/http'],
  express: ['host/src/http'],
  helmet: ['host/src/http'],
  'lru-cache': ['host/src/persistence', 'host/src/resolution'],
  nunjucks: ['core/src/templates'],
  pg: ['host/src/persistence'],
  'prom-client': ['host/src/observability'],
  'proxy-addr': ['host/src/http'],
  re2js: ['host/src/permissions'],
  'reflect-metadata': ['core/src/kernel/container.ts', 'host/src/main.ts'],
  semver: ['core/src/kernel'],
  sqlite3: ['host/src/persistence'],
  'swagger-ui-dist': ['host/src/http'],
  tsyringe: ['core/src/kernel/container.ts'],
  typeorm: ['host/src/persistence'],
  zod: ['host/src/collections', 'host/src/config', 'host/src/config.ts', 'host/src/http'],
};

const packageOf = (specifier: string) =>
  specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');

const below = (path: string, folder: string) => path === folder || path.startsWith(`${folder}/`);

/** What imports a library away from its home, without declaring it, or a builtin without `node:`; one line each. */
export function libraryFaults(files: Sources, manifests: Readonly<Record<string, Manifest>>): string[] {
  return edgesOf(files).flatMap(({ from, specifier }) => {
    if (specifier.startsWith('.') || specifier.startsWith('node:')) return [];
    const line = `${from} imports ${specifier}`;
    if (builtinModules.includes(specifier)) return [`${line}: write node:${specifier}`];
    const name = packageOf(specifier);
    const folder = Object.keys(manifests).find((one) => below(from, one)) ?? '';
    const { dependencies, peerDependencies } = manifests[folder] ?? {};
    if (!Object.hasOwn({ ...dependencies, ...peerDependencies }, name)) return [`${line}: not in its package.json`];
    const ours = name.startsWith('@latchkey/') || !['core', 'host'].includes(folder);
    return ours || homes[name]?.some((home) => below(from, home)) ? [] : [`${line}: away from its home`];
  });
}
