import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { parts } from './figures.mjs';

export const usage = `npm run bench -- [options]

  --quick           a smoke run of seconds: every part runs, no figure means anything
  --markdown        print the table as Markdown
  --only PART       one of ${parts.join(', ')}; may be repeated
  --scale           in place of the parts: hosts over 1,000, 100,000 and 1,000,000 secrets, on SQLite and on PostgreSQL
                    where it is installed; writes scale.json and scale.md
  --client NAME     what loads the servers: wrk, or node (by itself: wrk where it is installed, node with --quick)
  --profile         keep a CPU profile of each process in OUT/profiles
  --out FOLDER      where latest.json and latest.md go (bench-results)
`;

const options = {
  quick: { type: 'boolean', default: false },
  markdown: { type: 'boolean', default: false },
  scale: { type: 'boolean', default: false },
  profile: { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
  only: { type: 'string', multiple: true },
  client: { type: 'string' },
  out: { type: 'string', default: resolve(import.meta.dirname, '../../bench-results') },
};

/** Reads the command line, or gives the `fault` in it. */
export function readArguments(args) {
  try {
    const { values } = parseArgs({ args, options });
    const unknown = values.only?.find((part) => !parts.includes(part));
    if (unknown !== undefined) return { fault: `There is no part "${unknown}".` };
    if (![undefined, 'wrk', 'node'].includes(values.client)) return { fault: 'The client is wrk or node.' };
    return { ...values, out: resolve(values.out) };
  } catch (error) {
    return { fault: error.message };
  }
}
