import { secretsProviders, defineProvider } from '../contracts/secrets-provider';
import { LatchkeyError } from '../errors';
import { createKernel, type KernelOptions, type KernelStartError } from './create-kernel';
import type { PluginSource } from './discovery';
import { definePlugin, type Plugin } from '../plugin';
import { recordingLogger } from '../testing/recording-logger';

const provider = (slug: string) => defineProvider({ slug, name: slug, parameters: {}, fetch: () => slug });

/** A plugin in memory that writes down what happens to it. */
function noting(
  events: string[],
  id: string,
  own: Partial<Plugin> = {},
  requires: readonly string[] = [],
): PluginSource {
  const plugin = definePlugin({
    register(context) {
      events.push(`register ${id}`);
      context.contribute(secretsProviders, provider(id));
    },
    start: () => void events.push(`start ${id}`),
    stop: () => void events.push(`stop ${id}`),
    ...own,
  });
  return { id, requires, plugin };
}

const started = async (plugins: readonly PluginSource[], options: Partial<KernelOptions> = {}) => {
  const kernel = createKernel({ plugins, ...options });
  await kernel.start();
  return kernel;
};
const slugs = (kernel: ReturnType<typeof createKernel>) =>
  kernel.contributions(secretsProviders).map(({ value }) => value.slug);
const fails = definePlugin({ register() {}, start: () => Promise.reject(new TypeError('no')) });

describe('start and stop', () => {
  test('register all, start in the order of requirements, stop in reverse', async () => {
    const events: string[] = [];
    const kernel = await started([noting(events, 'b', {}, ['a']), noting(events, 'a')]);
    await kernel.stop();
    await kernel.stop();
    expect(events).toEqual(['register a', 'register b', 'start a', 'start b', 'stop b', 'stop a']);
  });

  test('stop one plugin at a time, and go on past one that hangs or throws', async () => {
    const events: string[] = [];
    const logger = recordingLogger();
    const slow = async () => {
      events.push('stopping slow');
      await new Promise(setImmediate);
      events.push('stopped slow');
    };
    const plugins = [
      noting(events, 'last'),
      noting(events, 'slow', { stop: slow }),
      noting(events, 'hanging', { stop: () => new Promise<void>(() => {}) }),
      noting(events, 'throwing', { stop: () => Promise.reject(new RangeError('hunter2')) }),
    ];
    const kernel = await started(plugins, { limits: { stop: 20 }, logger });
    await kernel.stop();
    expect(events.slice(-3)).toEqual(['stopping slow', 'stopped slow', 'stop last']);
    expect(logger.lines.map(({ level, fields }) => [level, fields])).toEqual([
      ['warn', { step: 'stop', cause: 'RangeError', plugin: 'throwing' }],
      ['warn', { step: 'stop', cause: 'late', plugin: 'hanging' }],
    ]);
  });

  test('contributions are invisible until their plugin has started', async () => {
    const seen: unknown[] = [];
    const events: string[] = [];
    const look = () => void seen.push(slugs(kernel), kernel.lease(secretsProviders, 'b'));
    const kernel = createKernel({ plugins: [noting(events, 'a'), noting(events, 'b', { start: look })] });
    await kernel.start();
    expect(seen).toEqual([['a'], undefined]);
    expect(slugs(kernel)).toEqual(['a', 'b']);
    await kernel.stop();
    expect(slugs(kernel)).toEqual([]);
  });

  test('a failure that is not allowed stops what had started and tells the whole report', async () => {
    const events: string[] = [];
    const kernel = createKernel({ plugins: [noting(events, 'a'), { id: 'b', plugin: fails }, noting(events, 'c')] });
    const error = (await kernel.start().catch((reason: unknown) => reason)) as KernelStartError;
    expect(error).toBeInstanceOf(LatchkeyError);
    expect(error.code).toBe('kernel-start');
    expect(error.report.lines.map(({ id, status, code }) => [id, status, code])).toEqual([
      ['a', 'loaded', undefined],
      ['b', 'failed', 'plugin-start'],
      ['c', 'loaded', undefined],
    ]);
    expect(error.message.endsWith(String(error.report))).toBe(true);
    expect(events.slice(-2)).toEqual(['stop c', 'stop a']);
  });

  test.each(['b', 'the-package'])('a failure that is allowed by "%s" lets the rest run', async (allowed) => {
    const events: string[] = [];
    const broken = { id: 'b', package: 'the-package', version: '2.0.0', plugin: fails };
    const kernel = await started([broken, noting(events, 'a')], { allowFailure: [allowed] });
    expect(slugs(kernel)).toEqual(['a']);
    expect(String(kernel.report)).toMatch(
      /^failed b the-package 2\.0\.0 \d+ ms: "b" failed in start \(TypeError\)\.\nloaded/,
    );
    await kernel.stop();
  });

  test('the signal of a start that hangs aborts at the limit', async () => {
    let signal: AbortSignal | undefined;
    const start: Plugin['start'] = (context) => {
      ({ signal } = context);
      return new Promise(() => {});
    };
    const kernel = await started([noting([], 'a', { start })], { limits: { start: 10 }, allowFailure: ['a'] });
    expect(signal?.aborted).toBe(true);
    expect(kernel.report.lines[0]?.code).toBe('plugin-start-timeout');
  });

  test('a plugin gets its configuration, its logger and the boundary', async () => {
    const logger = recordingLogger();
    const boundary = { environment: ['SECRET_*'], paths: ['/srv'] };
    const given: unknown[] = [];
    const plugin = definePlugin({
      register(context) {
        given.push(context.id, context.config, context.boundary, Object.isFrozen(context.config));
        context.logger.info('hello', { count: 1 });
      },
    });
    const config = { properties: { size: { type: 'integer', default: 3 }, loud: { type: 'boolean' } } };
    await started([{ id: 'a', plugin, config }], { boundary, logger, config: { a: { loud: 'true' } } });
    expect(given).toEqual(['a', { size: 3, loud: true }, boundary, true]);
    expect(logger.lines).toEqual([{ level: 'info', message: 'hello', fields: { count: 1, plugin: 'a' } }]);
  });

  test('a configuration for a plugin that is not there is refused', async () => {
    const kernel = createKernel({ plugins: [noting([], 'a')], config: { b: {} } });
    await expect(kernel.start()).rejects.toThrow('The configuration of "b" is refused: there is no such plugin.');
  });

  test('contributing after register is refused', async () => {
    const late: (() => void)[] = [];
    const plugin = definePlugin({
      register: (context) => void late.push(() => context.contribute(secretsProviders, provider('late'))),
    });
    const kernel = await started([{ id: 'a', plugin }]);
    expect(late[0]).toThrow(TypeError);
    expect(slugs(kernel)).toEqual([]);
  });
});

describe('load and unload', () => {
  test('a plugin comes and goes while the others run, and may come again', async () => {
    const events: string[] = [];
    const kernel = await started([noting(events, 'a')]);
    expect(await kernel.load(noting(events, 'b', {}, ['a']))).toMatchObject({ id: 'b', status: 'loaded' });
    expect(slugs(kernel)).toEqual(['a', 'b']);
    await kernel.unload('b');
    expect(slugs(kernel)).toEqual(['a']);
    expect(kernel.report.lines.map(({ id }) => id)).toEqual(['a']);
    await kernel.load(noting(events, 'b'));
    expect(slugs(kernel)).toEqual(['a', 'b']);
    await kernel.stop();
    const first = ['register a', 'start a', 'register b', 'start b', 'stop b'];
    expect(events).toEqual([...first, 'register b', 'start b', 'stop b', 'stop a']);
  });

  test('a load that fails is told and changes nothing', async () => {
    const events: string[] = [];
    const kernel = await started([noting(events, 'a')]);
    const line = await kernel.load(noting(events, 'a'));
    expect(line).toMatchObject({ id: 'a', status: 'failed', code: 'plugin-duplicate' });
    expect(kernel.report.lines.map(({ status }) => status)).toEqual(['loaded', 'failed']);
    expect(slugs(kernel)).toEqual(['a']);
    await kernel.stop();
  });

  test('what requires the plugin goes first', async () => {
    const events: string[] = [];
    const all = [
      noting(events, 'a'),
      noting(events, 'b', {}, ['a']),
      noting(events, 'c', {}, ['b']),
      noting(events, 'd'),
    ];
    const kernel = await started(all);
    await kernel.unload('a');
    expect(slugs(kernel)).toEqual(['d']);
    expect(events.slice(-3)).toEqual(['stop c', 'stop b', 'stop a']);
    await kernel.stop();
  });

  test('an id that is not loaded is refused', async () => {
    const kernel = await started([]);
    await expect(kernel.unload('a')).rejects.toMatchObject({ code: 'plugin-not-loaded' });
  });

  test('changes are made one at a time', async () => {
    const events: string[] = [];
    const kernel = await started([]);
    await Promise.all([
      kernel.load(noting(events, 'a')),
      kernel.unload('a'),
      kernel.load(noting(events, 'a')),
      kernel.stop(),
    ]);
    expect(events).toEqual(['register a', 'start a', 'stop a', 'register a', 'start a', 'stop a']);
  });
});
