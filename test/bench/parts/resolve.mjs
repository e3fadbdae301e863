import { resolve } from 'node:path';
import { createKernel, createResolver, templateContext } from '@latchkey/core/kernel';
import { rateOf, repeat } from '../support/rate.mjs';
import { environment, object, variable } from '../support/story.mjs';

/** Resolves the story's secret in this process: no database, no user, no record. */
export async function measure(settings) {
  Object.assign(process.env, environment);
  const root = resolve(import.meta.dirname, '../../../host');
  const kernel = createKernel({ root, plugins: ['@latchkey/provider-environment-variable'] });
  await kernel.start();
  const resolver = createResolver({ kernel });
  const secretOf = (text) => ({ name: 'Token', provider: 'environment-variable', parameters: { variable: text } });
  const secret = secretOf(variable);
  const value = await resolver.resolve(secret, { obj: object });
  if (value.reveal() !== environment.GIT_TOKEN_GOLDEN_CONFIG) throw new Error('The secret resolved to something else.');

  const context = templateContext(object);
  let next = 0;
  const works = {
    warm: () => resolver.resolve(secret, { context }),
    copied: () => resolver.resolve(secret, { obj: object }),
    cold: () => resolver.resolve(secretOf(`${variable}{# ${(next = (next + 1) % 5_000)} #}`), { obj: object }),
  };
  const figures = {};
  for (const [name, once] of Object.entries(works)) figures[name] = (await rateOf(repeat(once), settings)).perCpuSecond;
  await resolver.close();
  await kernel.stop();
  return figures;
}
