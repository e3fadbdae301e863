import { runTests } from '../support/tests.mjs';

/** Kills a rotation of the encrypted store again and again; gives after how many kills every value was readable. */
export async function measure(settings) {
  const kills = settings.quick ? 3 : 100;
  const results = runTests('test/faults/rotation.test.ts', { LATCHKEY_KILLS: String(kills) });
  const survived = results.length > 0 && results.every(({ status }) => status === 'passed');
  return { readable: survived ? kills : 0 };
}
