import 'reflect-metadata';
import { readConfig } from './config';
import { explainFailure, serve } from './serve';

/** The production start: `node --disallow-code-generation-from-strings host/dist/main.js`, settings in `LATCHKEY_*`. */
async function main(): Promise<void> {
  try {
    await serve(readConfig());
  } catch (error) {
    process.stderr.write(`${explainFailure(error)}\n`);
    process.exitCode = 1;
  }
}

void main();
