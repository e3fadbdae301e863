import './workshop/node-version.mjs';
import { handOver } from './workshop/children.mjs';
import { nodeFlags } from './workshop/flags.mjs';
import { prepare } from './workshop/prepare.mjs';
import { main } from './workshop/say.mjs';
import { at } from './workshop/tree.mjs';

await main(async () => {
  await prepare();
  await handOver(process.execPath, [nodeFlags[0], at('test/bench/main.mjs'), ...process.argv.slice(2)]);
});
