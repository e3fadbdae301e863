import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { pipeline } from 'node:stream';
import { constants, createGunzip } from 'node:zlib';
import { DumpError } from '../faults';

/** What a file is, before any of it is read as a dump. */
export interface DumpFile {
  readonly path: string;
  readonly size: number;
  readonly compressed: boolean;
}

const chunkSize = 1 << 18;
const codeOf = (error: unknown): string => (error as { code?: string }).code ?? 'unknown';

/** Looks at the first two bytes: gzip is known by its content, whatever the name of the file. */
export async function openDumpFile(path: string): Promise<DumpFile> {
  try {
    const file = await open(path);
    try {
      const magic = Buffer.alloc(2);
      await file.read(magic, 0, 2, 0);
      return { path, size: (await file.stat()).size, compressed: magic.readUInt16BE() === 0x1f8b };
    } finally {
      await file.close();
    }
  } catch (error) {
    throw new DumpError('dump-file', { cause: codeOf(error) });
  }
}

// A gzip file that was cut off ends without an error here: what is whole in it is read, and the dump's own end is missed.
const gunzip = () => createGunzip({ chunkSize, finishFlush: constants.Z_SYNC_FLUSH });

/** The bytes of the dump, unpacked, chunk by chunk; `onRead` is told how far into the file they reach. */
export async function* readChunks(
  { path, compressed }: DumpFile,
  onRead?: (bytes: number) => void,
): AsyncGenerator<Buffer, void, undefined> {
  const file = createReadStream(path, { highWaterMark: chunkSize });
  // The loop below is told of every error itself.
  const bytes = compressed ? pipeline(file, gunzip(), () => undefined) : file;
  try {
    for await (const chunk of bytes) {
      onRead?.(file.bytesRead);
      yield chunk as Buffer;
    }
  } catch (error) {
    const cause = codeOf(error);
    throw cause.startsWith('Z_') ? new DumpError('dump-damaged', { cause }) : new DumpError('dump-file', { cause });
  } finally {
    file.destroy();
  }
}
