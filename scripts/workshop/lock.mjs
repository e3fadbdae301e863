import { mkdirSync, readdirSync, renameSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { say } from './say.mjs';

const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

// The folder appears with its owner's file inside, by one rename: it fails while the folder has another owner, and
// works when the folder is absent or was emptied by whoever found its owner dead.
function take(folder, owner) {
  const own = `${folder}.${owner}`;
  mkdirSync(own, { recursive: true });
  writeFileSync(join(own, owner), '');
  try {
    renameSync(own, folder);
    return true;
  } catch (error) {
    rmSync(own, { recursive: true, force: true });
    if (['ENOTEMPTY', 'EEXIST', 'EPERM'].includes(error.code)) return false;
    throw error;
  }
}

function ownerOf(folder) {
  try {
    return readdirSync(folder)[0];
  } catch {
    return undefined; // Released a moment ago.
  }
}

function alive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

function release(folder, owner) {
  rmSync(join(folder, owner), { force: true });
  try {
    rmdirSync(folder);
  } catch {
    // The next owner is in it already.
  }
}

/** Runs the body while no other process does so under this lock folder; waits, and says so, when one does. */
export async function withLock(folder, body) {
  mkdirSync(dirname(folder), { recursive: true });
  const owner = `${process.pid}-${Date.now()}`;
  let told = false;
  while (!take(folder, owner)) {
    const other = ownerOf(folder);
    const pid = Number.parseInt(other ?? '', 10);
    if (other !== undefined && !alive(pid)) {
      say(`taking over from process ${pid}, which ended in the middle of its work.`);
      rmSync(join(folder, other), { force: true });
      continue;
    }
    if (!told && other !== undefined) {
      say(
        `process ${pid} is installing or building here; waiting for it (its lock: ${basename(dirname(folder))}/${basename(folder)}).`,
      );
      told = true;
    }
    await pause(100);
  }
  const onExit = () => release(folder, owner);
  process.once('exit', onExit);
  try {
    return await body();
  } finally {
    process.off('exit', onExit);
    release(folder, owner);
  }
}
