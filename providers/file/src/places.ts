import { realpath } from 'node:fs/promises';
import { isAbsolute, normalize, sep } from 'node:path';

/** What the operator and the host say about where files may be read. */
export interface Places {
  /** The only folders that may be read from; without them every place that is not protected. */
  readonly roots?: readonly string[] | undefined;
  /** Files and folders that are never read, whatever the roots. */
  readonly protectedPaths: readonly string[];
}

/** The system's folders of devices and process state; a file there may hang, or show the host's own settings. */
export const systemFolders = ['/proc', '/sys', '/dev'];

// Anew at each read: a folder may appear later, or be a link that is turned to the next version.
const real = async (path: string): Promise<string> => {
  try {
    return await realpath(path);
  } catch {
    return normalize(path);
  }
};

const isWithin = (folder: string, path: string): boolean =>
  path === folder || path.startsWith(folder.endsWith(sep) ? folder : folder + sep);

/** Tells of a path without symbolic links whether a file there may be read. */
export async function mayReadAt({ roots, protectedPaths }: Places, resolved: string): Promise<boolean> {
  const anyOf = async (folders: readonly string[]) =>
    (await Promise.all(folders.map(real))).some((folder) => isWithin(folder, resolved));
  if (systemFolders.some((folder) => isWithin(folder, resolved))) return false;
  // A protected place is refused by its name as well as by where the name leads.
  if (protectedPaths.some((path) => isWithin(normalize(path), resolved))) return false;
  return !(await anyOf(protectedPaths)) && (roots === undefined || (await anyOf(roots)));
}

/** The folders of the setting `roots`, separated by colons; undefined with a fault for one that is not absolute. */
export function parseRoots(setting: string): { readonly roots: readonly string[]; readonly fault?: string } {
  const roots = setting.split(':').filter((root) => root !== '');
  const wrong = roots.find((root) => !isAbsolute(root) || root.split('/').includes('..'));
  return wrong === undefined ? { roots } : { roots, fault: `roots: "${wrong}" is not an absolute path.` };
}
