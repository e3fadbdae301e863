import { createKernel } from '../kernel';
import { definePlugin } from '../plugin';
import { secretsProviders, defineProvider } from '../contracts/secrets-provider';
import { parameter } from '../parameters';

const provider = (slug: string) =>
  defineProvider({
    slug,
    name: slug,
    parameters: { key: parameter.text('Key') },
    fetch: ({ parameters }) => parameters.key,
  });

test('smoke', async () => {
  const kernel = createKernel({
    root: __dirname,
    plugins: [
      { id: 'one', plugin: definePlugin({ register: (c) => c.contribute(secretsProviders, provider('one')) }) },
      '@latchkey/provider-aws-secrets-manager',
    ],
    allowFailure: ['aws-secrets-manager'],
  });
  await kernel.start();
  const lease = kernel.lease(secretsProviders, 'one');
  expect(lease?.value.slug).toBe('one');
  lease?.release();
  await kernel.stop();
  expect(kernel.lease(secretsProviders, 'one')).toBeUndefined();
});
