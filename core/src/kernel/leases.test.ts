import { getMaxListeners } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { secretsProviders, defineProvider } from '../contracts/secrets-provider';
import { extensionPoint } from '../extension-point';
import { definePlugin } from '../plugin';
import { createKernel } from './create-kernel';

const provider = (fetch: (signal: AbortSignal) => Promise<string>) =>
  defineProvider({ slug: 'slow', name: 'Slow', parameters: {}, fetch: ({ signal }) => fetch(signal) });

/** A kernel with one slow provider, and a way to read through it as a resolver does. */
async function slowKernel(fetch: (signal: AbortSignal) => Promise<string>) {
  const events: string[] = [];
  const plugin = definePlugin({
    register: (context) => context.contribute(secretsProviders, provider(fetch)),
    stop: () => void events.push('stop'),
  });
  const kernel = createKernel({ plugins: [{ id: 'slow', plugin }] });
  await kernel.start();
  kernel.onWithdraw(secretsProviders, ({ slug }) => void events.push(`withdraw ${slug}`));
  const read = async () => {
    const lease = kernel.lease(secretsProviders, 'slow');
    if (!lease) return 'unavailable';
    try {
      return await lease.value.fetch({ signal: lease.signal } as never);
    } catch {
      return 'aborted';
    } finally {
      lease.release();
    }
  };
  return { kernel, read, events };
}

test('200 reads of 500 ms in flight at an unload: none is lost, later ones find nothing', async () => {
  const { kernel, read, events } = await slowKernel(async () => pause(500, 'value'));
  const reads = Array.from({ length: 200 }, read);
  for (const one of reads) void one.then(() => events.length === 0 || events.push('read after stop'));
  const unloading = kernel.unload('slow');
  await new Promise(setImmediate);
  expect(await read()).toBe('unavailable');
  await unloading;
  expect(await Promise.all(reads)).toEqual(Array.from({ length: 200 }, () => 'value'));
  expect(events).toEqual(['withdraw slow', 'stop']);
});

test('reads that pass the limit of an unload are aborted before the plugin stops', async () => {
  const { kernel, read, events } = await slowKernel(
    (signal) =>
      new Promise((_resolve, reject) =>
        signal.addEventListener('abort', () => {
          events.push('abort');
          reject(signal.reason as Error);
        }),
      ),
  );
  const reads = [read(), read()];
  await kernel.unload('slow', { limit: 5 });
  expect(await Promise.all(reads)).toEqual(['aborted', 'aborted']);
  expect(events).toEqual(['abort', 'abort', 'withdraw slow', 'stop']);
});

test('any number of readers may listen to the signal without a warning', async () => {
  const { kernel } = await slowKernel(async () => 'value');
  const signal = kernel.lease(secretsProviders, 'slow')?.signal as AbortSignal;
  expect(getMaxListeners(signal)).toBe(Infinity);
});

test('stop waits for the reads in flight too', async () => {
  const { kernel, read } = await slowKernel(async () => pause(20, 'value'));
  const reading = read();
  await kernel.stop();
  expect(await reading).toBe('value');
});

test('a lease is released once, however often release is called', async () => {
  const { kernel, events } = await slowKernel(async () => 'value');
  const [first, second] = [kernel.lease(secretsProviders, 'slow'), kernel.lease(secretsProviders, 'slow')];
  first?.release();
  first?.release();
  const unloading = kernel.unload('slow', { limit: 10_000 });
  await pause(5);
  expect(events).toEqual([]);
  second?.release();
  await unloading;
  expect(events).toEqual(['withdraw slow', 'stop']);
});

test('a point without keys takes any number of contributions', async () => {
  const sinks = extensionPoint<() => string>({ id: 'sinks' });
  const plugin = definePlugin({
    register(context) {
      context.contribute(sinks, () => 'one');
      context.contribute(sinks, () => 'two');
    },
  });
  const kernel = createKernel({
    plugins: [
      { id: 'a', plugin },
      { id: 'b', version: '3.0.0', plugin },
    ],
  });
  await kernel.start();
  expect(kernel.contributions(sinks).map(({ value, plugin: { id } }) => [id, value()])).toEqual([
    ['a', 'one'],
    ['a', 'two'],
    ['b', 'one'],
    ['b', 'two'],
  ]);
  expect(kernel.contributions(sinks)[2]?.plugin).toEqual({ id: 'b', package: 'b', version: '3.0.0' });
});
