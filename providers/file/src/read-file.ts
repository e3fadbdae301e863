import { constants } from 'node:fs';
import { open, readlink, realpath, stat, type FileHandle } from 'node:fs/promises';
import { isAbsolute } from 'node:path';
import { ProviderFailure } from '@latchkey/core';
import type { MayRead } from './places';

/** What {@link readFile} may read, and how much of it. */
export interface ReadFileOptions {
  readonly mayRead: MayRead;
  readonly maxBytes: number;
  readonly signal: AbortSignal;
  /** Told the path without links of the file that is open; what it throws stops the read. */
  readonly confirm: (resolved: string) => void;
}

// Never waits for a writer, never becomes the process's terminal, never follows a link that was put there meanwhile.
const flags =
  constants.O_RDONLY | (constants.O_NONBLOCK ?? 0) | (constants.O_NOCTTY ?? 0) | (constants.O_NOFOLLOW ?? 0);

const codeOf = (error: unknown): unknown => (error as NodeJS.ErrnoException | undefined)?.code;
const exhausted = new Set<unknown>(['EMFILE', 'ENFILE', 'ENOMEM']);
const refused = new Set<unknown>(['EACCES', 'EPERM']);
const gone = new Set<unknown>(['ENOENT', 'ENOTDIR', 'ELOOP', 'ENXIO', 'ENODEV']);

/** The path without links, or undefined: nothing is told of a place before it is known to be allowed. */
async function resolve(path: string): Promise<string | undefined> {
  if (!isAbsolute(path) || path.includes('\0')) return undefined;
  try {
    return await realpath(path);
  } catch (error) {
    if (exhausted.has(codeOf(error))) throw new ProviderFailure('unavailable', 'No file can be opened now.');
    return undefined;
  }
}

async function openAllowed(resolved: string): Promise<FileHandle | undefined> {
  try {
    // A device or a FIFO is not even opened: opening one can have effects.
    return (await stat(resolved)).isFile() ? await open(resolved, flags) : undefined;
  } catch (error) {
    if (refused.has(codeOf(error)))
      throw new ProviderFailure('denied', 'The host has no permission to read the file "{path}".');
    if (gone.has(codeOf(error))) return undefined;
    throw new ProviderFailure('unavailable', 'The file "{path}" cannot be opened now.');
  }
}

/** Whether the open file is the one at `resolved`, as the kernel tells, whatever became of the names meanwhile. */
export async function isOpenedFrom(
  handle: FileHandle,
  resolved: string,
  descriptors = '/proc/self/fd',
): Promise<boolean> {
  try {
    return (await readlink(`${descriptors}/${handle.fd}`)) === resolved;
  } catch {
    // No such folder on this system: the name must still lead, without links, to the very file that is open.
    const [opened, place] = await Promise.all([handle.stat({ bigint: true }), realpath(resolved).catch(() => '')]);
    if (place !== resolved) return false;
    const named = await stat(place, { bigint: true }).catch(() => undefined);
    return named?.dev === opened.dev && named.ino === opened.ino;
  }
}

async function readOpen(handle: FileHandle, { maxBytes, signal }: ReadFileOptions): Promise<Buffer | undefined> {
  const opened = await handle.stat();
  if (!opened.isFile()) return undefined;
  const { size, nlink } = opened;
  if (nlink > 1)
    throw new ProviderFailure('denied', 'The file "{path}" has several hard links, so its place is unknown.');
  const tooLarge = () => new ProviderFailure('malformed', `The file "{path}" is larger than ${maxBytes} bytes.`);
  if (size > maxBytes) throw tooLarge();
  const buffer = Buffer.alloc(maxBytes + 1);
  let length = 0;
  for (;;) {
    signal.throwIfAborted();
    const { bytesRead } = await handle.read(buffer, length, buffer.length - length, length);
    length += bytesRead;
    if (length > maxBytes) throw tooLarge();
    if (bytesRead === 0) return buffer.subarray(0, length);
  }
}

/**
 * The bytes of a regular file in an allowed place, checked on the open file; undefined where there is none or where
 * none may be read, which cannot be told apart.
 */
export async function readFile(path: string, options: ReadFileOptions): Promise<Buffer | undefined> {
  // A file that is replaced while it is read is looked for again.
  for (let attempt = 0; attempt < 3; attempt += 1) {
    options.signal.throwIfAborted();
    const resolved = await resolve(path);
    if (resolved === undefined || !(await options.mayRead(resolved))) return undefined;
    const handle = await openAllowed(resolved);
    if (handle === undefined) return undefined;
    try {
      if (!(await isOpenedFrom(handle, resolved))) continue;
      options.confirm(resolved);
      return await readOpen(handle, options);
    } finally {
      await handle.close();
    }
  }
  throw new ProviderFailure('unavailable', 'The file "{path}" changes while it is read.');
}
