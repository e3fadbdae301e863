import { existsSync, readdirSync, rmSync } from 'node:fs';
import { step } from './children.mjs';
import { say, WorkshopError } from './say.mjs';
import { at, root, workspaces } from './tree.mjs';

/** The compiler, called without npm's wrapper. */
export const tsc = at('node_modules/typescript/bin/tsc');

const projects = () => workspaces().filter((folder) => existsSync(at(folder, 'tsconfig.json')));

/** Removes all build output; the compiler repeats stale errors after its configuration changed. */
export function clean() {
  for (const folder of projects()) rmSync(at(folder, 'dist'), { recursive: true, force: true });
}

// The compiler leaves the output of deleted sources behind, and a plugin or a test could still load it.
function prune() {
  for (const folder of projects()) {
    if (!existsSync(at(folder, 'dist'))) continue;
    for (const entry of readdirSync(at(folder, 'dist'), { recursive: true })) {
      const stem = /^(.*?)(\.d\.ts|\.js)(\.map)?$/.exec(entry)?.[1];
      if (stem !== undefined && !existsSync(at(folder, 'src', `${stem}.ts`))) rmSync(at(folder, 'dist', entry));
    }
  }
}

/** Builds what changed since the last build. */
export async function build() {
  if (projects().some((folder) => !existsSync(at(folder, 'dist')))) say('building ...');
  if ((await step(process.execPath, [tsc, '-b'], { cwd: root })) !== 0) {
    throw new WorkshopError('the build failed; see above.');
  }
  prune();
}
