import './workshop/node-version.mjs';
import { prepare } from './workshop/prepare.mjs';
import { main } from './workshop/say.mjs';

await main(prepare);
