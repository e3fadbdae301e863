import { closeSync, fdatasyncSync, openSync, rmSync, writeSync } from 'node:fs';
import { cpus, loadavg, totalmem } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { median } from './rate.mjs';

/** What figures depend on beside the code. */
export function machineFacts(folder) {
  return {
    date: new Date().toISOString(),
    node: process.version,
    cpu: `${cpus()[0]?.model.trim()} (${cpus().length} cores)`,
    memoryGb: Math.round(totalmem() / 2 ** 30),
    system: `${process.platform} ${process.arch}`,
    loadBefore: machineFacts.load(),
    syncMs: syncMilliseconds(folder),
  };
}

machineFacts.load = () => Number(loadavg()[0].toFixed(2));

/** How long this disk takes to make 4 KiB durable: the floor under every commit. */
function syncMilliseconds(folder) {
  const file = join(folder, 'sync');
  const descriptor = openSync(file, 'w');
  const times = Array.from({ length: 50 }, () => {
    const began = performance.now();
    writeSync(descriptor, Buffer.alloc(4096));
    fdatasyncSync(descriptor);
    return performance.now() - began;
  });
  closeSync(descriptor);
  rmSync(file);
  return Number(median(times).toFixed(3));
}
