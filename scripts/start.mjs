import './workshop/node-version.mjs';
import { handOver } from './workshop/children.mjs';
import { hostMain, nodeFlags } from './workshop/flags.mjs';
import { prepare } from './workshop/prepare.mjs';
import { main } from './workshop/say.mjs';

await main(async () => {
  await prepare();
  await handOver(process.execPath, [...nodeFlags, hostMain, ...process.argv.slice(2)]);
});
