import { edgesOf, type Sources } from './support/graph';

/** A place of the house and the floor that it stands on. Imports go down; two places on one floor do not meet. */
export interface Place {
  readonly name: string;
  readonly floor: number;
  /** Files, or folders with all below them. */
  readonly paths: readonly string[];
  /** Places below that are closed to this one. */
  readonly never?: readonly string[];
  /** When given, the only places below that are open to this one. */
  readonly only?: readonly string[];
  /** Doors of other workspaces that this place may enter, by package name. */
  readonly enters: readonly string[];
  /** Files of this place do not even import each other. */
  readonly alone?: boolean;
}

const host = { enters: ['@latchkey/core', '@latchkey/core/kernel'] };
const ground = 'host ground';
const inHost = (name: string) => `host/src/${name}.ts`;

/** The floors of the house, from the roof down. */
export const house: readonly Place[] = [
  {
    name: 'entrances',
    floor: 7,
    paths: ['main.ts', 'serve.ts', 'index.ts', 'cli'].map((name) => `host/src/${name}`),
    ...host,
  },
  {
    name: 'compose',
    floor: 6,
    paths: [
      'compose',
      'closers',
      'code-generation',
      'first-start',
      'host-report',
      'open-kernel',
      'open-services',
      'open-stores',
      'plugin-boundary',
      'provider-catalogue',
      'store-faults',
    ].map(inHost),
    ...host,
  },
  { name: 'http', floor: 5, paths: ['host/src/http'], never: ['persistence'], ...host },
  {
    name: 'extend',
    floor: 5.5,
    paths: ['host/src/extend.ts', 'host/src/extension'],
    never: ['persistence'],
    ...host,
  },
  { name: 'plugins', floor: 5, paths: ['plugins'], only: [], enters: ['@latchkey/core', '@latchkey/host/extend'] },
  { name: 'session', floor: 4.5, paths: ['host/src/session.ts'], never: ['persistence'], ...host },
  { name: 'resolution', floor: 4, paths: ['host/src/resolution'], ...host },
  { name: 'writes', floor: 4, paths: ['host/src/writes'], ...host },
  { name: 'collections', floor: 4, paths: ['host/src/collections'], ...host },
  { name: 'persistence', floor: 4, paths: ['host/src/persistence'], ...host },
  { name: 'permissions', floor: 3, paths: ['host/src/permissions'], only: ['domain', ground], ...host },
  { name: 'observability', floor: 3, paths: ['host/src/observability'], only: ['domain', ground], ...host },
  { name: 'credentials', floor: 3, paths: ['host/src/credentials'], only: ['domain', ground], ...host },
  { name: 'config', floor: 3, paths: ['host/src/config.ts', 'host/src/config'], only: ['domain', ground], ...host },
  { name: 'domain', floor: 2, paths: ['host/src/domain'], ...host },
  { name: 'providers', floor: 2, paths: ['providers', 'plugin-template'], only: [], enters: ['@latchkey/core'] },
  { name: ground, floor: 1, paths: ['host/src/errors.ts'], ...host },
  { name: 'core', floor: 1, paths: ['core/src'], enters: [] },
];

const inner = { enters: [] };

/** The floors inside core. */
export const coreHouse: readonly Place[] = [
  { name: 'doors', floor: 7, paths: ['core/src/index.ts', 'core/src/kernel.ts', 'core/src/testing.ts'], ...inner },
  { name: 'testing', floor: 6, paths: ['core/src/testing'], ...inner },
  { name: 'resolution', floor: 5, paths: ['core/src/resolution'], ...inner },
  { name: 'kernel', floor: 4, paths: ['core/src/kernel'], never: ['templates'], ...inner },
  { name: 'templates', floor: 3, paths: ['core/src/templates'], only: ['leaves'], ...inner },
  { name: 'contracts', floor: 2, paths: ['core/src/contracts', 'core/src/manifest.ts'], ...inner },
  {
    name: 'declarations',
    floor: 1,
    paths: ['core/src/parameters.ts', 'core/src/plugin.ts', 'core/src/secret-value.ts'],
    ...inner,
  },
  {
    name: 'leaves',
    floor: 0,
    paths: ['errors', 'extension-point', 'logger', 'slots'].map((leaf) => `core/src/${leaf}.ts`),
    alone: true,
    ...inner,
  },
];

const below = (path: string, folder: string) => path === folder || path.startsWith(`${folder}/`);

const placeOf = (places: readonly Place[], path: string) =>
  places.find(({ paths }) => paths.some((folder) => below(path, folder)));

const workspaceOf = (path: string) => /^(?:providers|plugins)\/[^/]+|^[^/]+/.exec(path)?.[0];

const may = (upper: Place, lower: Place) =>
  lower.floor < upper.floor && !upper.never?.includes(lower.name) && (upper.only?.includes(lower.name) ?? true);

/** What stands on no floor, or imports up, sideways, past a door or into nothing; one line each. */
export function floorFaults(places: readonly Place[], files: Sources): string[] {
  const homeless = [...files.keys()].filter((path) => !placeOf(places, path)).map((path) => `${path} has no floor`);
  const wrong = edgesOf(files).flatMap(({ from, specifier, to }) => {
    const place = placeOf(places, from);
    if (!place) return [];
    const line = `${from} (${place.name}) imports ${specifier}`;
    if (specifier.startsWith('@latchkey/'))
      return place.enters.includes(specifier) ? [] : [`${line}: not a door for it`];
    if (!specifier.startsWith('.') || specifier.endsWith('.json')) return [];
    if (to === undefined) return [`${line}: there is no such file`];
    if (workspaceOf(from) !== workspaceOf(to)) return [`${line}: past the door of another package`];
    const target = placeOf(places, to);
    if (!target) return [];
    if (target === place) return place.alone ? [`${line}: leaves stand alone`] : [];
    return may(place, target) ? [] : [`${line} (${target.name}): not below it, or closed to it`];
  });
  return [...homeless, ...wrong];
}
