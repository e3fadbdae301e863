import { build, clean } from './build.mjs';
import { install, sqliteLoads } from './install.mjs';
import { withLock } from './lock.mjs';
import { say } from './say.mjs';
import { installedMatchesLock, readStamp, wantedStamp, writeStamp } from './stamp.mjs';
import { at } from './tree.mjs';

/** Brings the clone to where everything is installed and built; does next to nothing when it is. */
export async function prepare() {
  await withLock(at('.build/lock'), async () => {
    const wanted = wantedStamp();
    const found = readStamp();
    if (found.install !== wanted.install) {
      if (!(installedMatchesLock() && sqliteLoads())) await install();
      writeStamp({ ...found, install: wanted.install });
    }
    if (found.build !== wanted.build) {
      if (found.build !== undefined) say('the compiler configuration changed; building from scratch ...');
      clean();
    }
    await build();
    if (found.build !== wanted.build) writeStamp(wanted);
  });
}
