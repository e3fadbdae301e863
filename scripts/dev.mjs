import './workshop/node-version.mjs';
import { tsc } from './workshop/build.mjs';
import { together } from './workshop/children.mjs';
import { hostMain, nodeFlags } from './workshop/flags.mjs';
import { prepare } from './workshop/prepare.mjs';
import { main } from './workshop/say.mjs';
import { root } from './workshop/tree.mjs';

await main(async () => {
  await prepare();
  process.exitCode = await together([
    [process.execPath, [tsc, '-b', '-w', '--preserveWatchOutput'], { cwd: root }],
    [process.execPath, ['--watch', '--watch-preserve-output', ...nodeFlags, hostMain, ...process.argv.slice(2)]],
  ]);
});
