import './workshop/node-version.mjs';
import { handOver } from './workshop/children.mjs';
import { prepare } from './workshop/prepare.mjs';
import { main } from './workshop/say.mjs';
import { at } from './workshop/tree.mjs';

await main(async () => {
  // Some tests start the built host in processes of their own.
  await prepare();
  await handOver(process.execPath, [at('node_modules/jest/bin/jest.js'), ...process.argv.slice(2)]);
});
