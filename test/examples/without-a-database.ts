// An application without a database: what stands between the marks is quoted by the README.
// example
import { createKernel, createResolver } from '@latchkey/core/kernel';
// end
import type { SecretValue } from '@latchkey/core';

/** The value of one secret, with nothing else than a provider. */
export async function readToken(): Promise<SecretValue> {
  // example
  const kernel = createKernel({ plugins: ['@latchkey/provider-environment-variable'] });
  await kernel.start();
  const resolver = createResolver({ kernel });
  // oxfmt-ignore
  const secret = { name: 'git', provider: 'environment-variable', parameters: { variable: 'GIT_{{ obj.slug | upper }}' } };
  const token = await resolver.resolve(secret, { obj: { slug: 'main' } });
  // end
  await resolver.close();
  await kernel.stop();
  return token;
}
