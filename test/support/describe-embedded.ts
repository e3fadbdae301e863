import { testServerVariable } from './test-database';

/** Describes what the embedded database alone does, such as its files; skipped in a run on PostgreSQL. */
export const describeEmbedded = process.env[testServerVariable] === undefined ? describe : describe.skip;
