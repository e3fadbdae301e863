import { realpath } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join, sep } from 'node:path';

/** What the operator and the host say about where files may be read. */
export interface PlacesOptions {
  /** The only folders that may be read from; without them every place that is not protected. */
  readonly roots?: readonly string[] | undefined;
  /** Files and folders that are never read, whatever the roots. */
  readonly protectedPaths: readonly string[];
}

/** Tells of a path without symbolic links whether a file there may be read. */
export type MayRead = (resolved: string) => Promise<boolean>;

// The system's folders of devices and process state: a file there may hang, or show the host's own settings.
const systemFolders = ['/proc', '/sys', '/dev'];

/** The path with its links followed; of what is not there yet, those of the folder it will be in. */
async function real(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch {
    const folder = dirname(path);
    return folder === path ? path : join(await real(folder), basename(path));
  }
}

const isWithin = (folder: string, path: string): boolean =>
  path === folder || path.startsWith(folder.endsWith(sep) ? folder : folder + sep);

/** Makes the rule of the places where files may be read. */
export function createPlaces({ roots, protectedPaths }: PlacesOptions): MayRead {
  // A mounted file is a link that is turned to its next version while the host runs: where a protected path leads is
  // looked up at each read, and where it has led stays protected.
  const refused = new Set(systemFolders);
  return async (resolved) => {
    for (const path of await Promise.all(protectedPaths.map(real))) refused.add(path);
    if ([...refused].some((folder) => isWithin(folder, resolved))) return false;
    if (roots === undefined) return true;
    return (await Promise.all(roots.map(real))).some((folder) => isWithin(folder, resolved));
  };
}

/** The folders of the setting `roots`, separated by colons; undefined with a fault for one that is not absolute. */
export function parseRoots(setting: string): { readonly roots: readonly string[]; readonly fault?: string } {
  const roots = setting.split(':').filter((root) => root !== '');
  const wrong = roots.find((root) => !isAbsolute(root) || root.split('/').includes('..'));
  return wrong === undefined ? { roots } : { roots, fault: `roots: "${wrong}" is not an absolute path.` };
}
