import { realpathSync } from 'node:fs';
import path from 'node:path';
import type { HostBoundary } from '@latchkey/core';
import type { HostConfig } from './config';

/** What no provider may hand out, whatever the operator allows: the host's settings, its data and its keys. */
export function boundaryOf({ dataDir, databaseFile, settingFiles }: HostConfig): HostBoundary {
  const journals = ['', '-wal', '-shm', '-journal'].map((suffix) => databaseFile + suffix);
  return { environment: ['LATCHKEY_*'], paths: [dataDir, ...journals, ...settingFiles].map(resolved) };
}

/** The path with the links of its folders followed; of what is not there yet, those of the folder it will be in. */
function resolved(file: string): string {
  try {
    return realpathSync(file);
  } catch {
    const folder = path.dirname(file);
    return folder === file ? file : path.join(resolved(folder), path.basename(file));
  }
}
