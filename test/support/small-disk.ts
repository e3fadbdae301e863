import { execFileSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from './temporary-folder';

/** A disk of a few megabytes, in memory. */
export interface SmallDisk {
  readonly folder: string;
  /** Takes up all the room that is left. */
  fill(): void;
  /** Gives the room back. */
  free(): void;
  remove(): void;
}

/** Makes a disk of that many megabytes; undefined where this process may not. */
export function smallDisk(megabytes: number): SmallDisk | undefined {
  const folder = temporaryFolder();
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m,mode=0700`, 'tmpfs', folder], { stdio: 'ignore' });
  } catch {
    return undefined;
  }
  const filler = (bytes: number) => join(folder, `filler-${bytes}`);
  const sizes = [2 ** 20, 2 ** 12, 1];
  return {
    folder,
    fill() {
      for (const size of sizes) {
        try {
          for (;;) writeFileSync(filler(size), Buffer.alloc(size), { flag: 'a' });
        } catch (error) {
          if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
        }
      }
    },
    free: () => sizes.forEach((size) => rmSync(filler(size), { force: true })),
    remove: () => void execFileSync('umount', [folder]),
  };
}
