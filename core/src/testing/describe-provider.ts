import assert from 'node:assert/strict';
import { inspect } from 'node:util';
import { secretsProviders, type Fetched, type SecretsProvider } from '../contracts/secrets-provider';
import { ProviderFailure } from '../errors';
import { parametersSchema } from '../parameters';
import { consoleOf, holdsValue } from './leaks';
import { ProviderSession, type ProviderCase } from './provider-session';
import { providerRequirements, type RequirementNumber } from './requirements';
import { currentRunner } from './test-runner';

type Values = Readonly<Record<string, unknown>>;
/** A value, or a function that gives it when a test runs: for ports and folders that are not known before. */
type Lazy<T> = T | (() => T);
type PresentCase = ProviderCase & { readonly value: string | Uint8Array };

/** What the kit needs to know of a backend to test its provider. */
export interface DescribeProviderOptions {
  /** Makes the backend hold what the cases say; runs before each test. */
  readonly arrange?: () => Promise<void> | void;
  /** The settings of the store that the cases use. */
  readonly store?: Lazy<Values>;
  /** A value that is there; at least 8 characters or bytes, so that its traces can be told from chance. */
  readonly present: Lazy<PresentCase>;
  readonly absent: Lazy<ProviderCase>;
  /** A case in which the backend is broken or out of reach; without one P9 is skipped. */
  readonly failing?: Lazy<ProviderCase>;
  /** A case that the backend does not answer by itself; without one P10 uses `present`. */
  readonly hanging?: Lazy<ProviderCase>;
}

const now = <T>(lazy: Lazy<T>): T => (typeof lazy === 'function' ? (lazy as () => T)() : lazy);
const bytes = (value: Fetched) => (typeof value === 'string' ? value : value && Buffer.from(value).toString('hex'));
const printed = (value: unknown) => inspect(value, { depth: 6, maxStringLength: Infinity, maxArrayLength: Infinity });
const declaration = ({ slug, name, className, parameters, store }: SecretsProvider) =>
  printed({ slug, name, className, parameters, store });
const json = (value: unknown) => {
  try {
    return JSON.stringify(value) ?? '';
  } catch {
    return 'has no JSON form';
  }
};
const settled = (work: Promise<unknown>) =>
  work.then(
    (value) => ({ value }),
    (error: unknown) => ({ error }),
  );
const patience = 5000;

/** What a test of the kit works with. */
interface Bench {
  readonly provider: SecretsProvider;
  readonly session: ProviderSession;
  readonly present: PresentCase;
  readonly absent: ProviderCase;
  readonly failing: ProviderCase | undefined;
  readonly hanging: ProviderCase | undefined;
}

const shapes = ({ provider }: Bench) => [provider.parameters, provider.store ?? {}];

const checks: Record<RequirementNumber, (bench: Bench) => Promise<void>> = {
  P1: async ({ provider }) => {
    const slugs = Array.from({ length: 3 }, () => provider.slug);
    assert.match(provider.slug, /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/);
    assert.equal(new Set(slugs).size, 1);
  },
  P2: async ({ provider }) => {
    assert.equal(secretsProviders.fault?.(provider), undefined);
    assert.notEqual(provider.name.trim(), '');
    assert.match(provider.className, /^[A-Za-z_$][\w$]*$/);
  },
  P3: async (bench) => {
    for (const [name, declared] of shapes(bench).flatMap((shape) => Object.entries(shape))) {
      assert.match(name, /^[a-z][a-z0-9_]*$/, `"${name}" is not snake_case`);
      assert.notEqual(declared.help.trim(), '', `"${name}" has no help`);
    }
    for (const shape of shapes(bench)) {
      const schema = parametersSchema(shape);
      assert.deepEqual(JSON.parse(JSON.stringify(schema)), schema);
    }
  },
  P4: async ({ provider }) => {
    const sensitive = Object.entries(provider.parameters).filter(([, declared]) => declared.sensitive);
    assert.deepEqual(sensitive, []);
  },
  P5: async ({ session, present }) => {
    const parameters = { ...present.parameters, 'no-such-parameter': 'x' };
    await assert.rejects(session.fetch({ ...present, parameters }));
    assert.equal(session.fetches, 0);
  },
  P6: async ({ provider, session, present }) => {
    for (const name of Object.keys(provider.parameters).filter((key) => provider.parameters[key]?.required)) {
      const parameters = Object.fromEntries(Object.entries(present.parameters).filter(([key]) => key !== name));
      await assert.rejects(session.fetch({ ...present, parameters }), `"${name}" was not missed`);
    }
    assert.equal(session.fetches, 0);
  },
  P7: async ({ session, present }) => {
    const value = await session.fetch(present);
    assert.equal(typeof value, typeof present.value);
    assert.ok(bytes(value) === bytes(present.value), 'the value is another one');
  },
  P8: async ({ session, absent }) => {
    const { value, error } = (await settled(session.fetch(absent))) as { value?: Fetched; error?: unknown };
    if (error === undefined) assert.ok(value === undefined, 'there is a value');
    else assert.equal(ProviderFailure.is(error) && error.code, 'not-found');
  },
  P9: async ({ session, failing }) => {
    if (failing) assert.ok('error' in (await settled(session.fetch(failing))), 'fetch answered');
  },
  P10: async ({ session, present, hanging }) => {
    const controller = new AbortController();
    let timer: NodeJS.Timeout | undefined;
    const overdue = new Promise<string>((resolve) => (timer = setTimeout(resolve, patience, 'it goes on')));
    const fetched = settled(session.fetch(hanging ?? present, controller.signal));
    setImmediate(() => controller.abort());
    const outcome = await Promise.race([fetched, overdue]).finally(() => clearTimeout(timer));
    if (hanging) assert.ok(typeof outcome === 'object' && 'error' in outcome, 'it did not throw on abort');
    else assert.equal(typeof outcome, 'object', 'it did not end on abort');
  },
  P11: async ({ session, provider, present }) => {
    const values = await session.using(present, (client) =>
      Promise.all(Array.from({ length: 20 }, async () => provider.fetch(session.request(present, client)))),
    );
    assert.ok(
      values.every((value) => bytes(value) === bytes(present.value)),
      'a fetch gave another value',
    );
  },
  P12: async ({ session, provider, present }) => {
    const before = declaration(provider);
    const parameters = printed(session.request(present, undefined).parameters);
    await session.using(present, async (client) => {
      const request = session.request(present, client);
      await provider.fetch(request);
      assert.equal(printed(request.parameters), parameters);
    });
    assert.equal(declaration(provider), before);
  },
  P13: async ({ session, provider, present, absent }) => {
    await session.using(present, async (client) => {
      const requests = [present, absent, present].map((one) => session.request(one, client));
      const values = await provider.fetchMany?.(requests);
      const expected = [bytes(present.value), undefined, bytes(present.value)];
      if (values)
        assert.ok(
          values.every((value, index) => bytes(value) === expected[index]),
          'values differ',
        );
      if (values) assert.equal(values.length, expected.length);
    });
  },
  P14: async ({ session, provider, present }) => {
    for (let round = 0; round < 2; round += 1) {
      const value = await session.using(present, async (client) => {
        const fetched = await provider.fetch(session.request(present, client));
        if (provider.store) await provider.close?.(client);
        return fetched;
      });
      assert.ok(bytes(value) === bytes(present.value), 'the value is another one');
    }
  },
  P15: async ({ session, provider, present }) => {
    await session.using(present, async (client) => provider.check?.(client, new AbortController().signal));
  },
  P16: async ({ session, provider, present, absent, failing }) => {
    assert.ok(present.value.length >= 8, 'the present value is shorter than 8');
    const seen: unknown[] = [];
    const written = await consoleOf(async () => {
      for (const one of [present, absent, failing].filter((some) => some !== undefined)) {
        await session
          .using(one, async (client) => {
            const request = session.request(one, client);
            const { error } = (await settled((async () => provider.fetch(request))())) as { error?: unknown };
            seen.push(error, await settled((async () => provider.metadata?.(request))()), client);
          })
          .catch((error: unknown) => seen.push(error));
      }
    });
    for (const thing of [...seen, provider, ...session.logger.lines, ...written])
      assert.ok(!holdsValue(`${printed(thing)} ${json(thing)}`, present.value), 'a value appears');
  },
};

/** Registers one test a requirement of docs/reference/provider.md, in Jest or `node:test`. */
export function describeProvider(provider: SecretsProvider, options: DescribeProviderOptions): void {
  const { describe, test } = currentRunner();
  const skipped: Partial<Record<RequirementNumber, boolean>> = {
    P9: !options.failing,
    P13: !provider.fetchMany,
    P14: !provider.store,
    P15: !provider.check,
  };
  const bench = async (): Promise<Bench> => {
    await options.arrange?.();
    const { present, absent, failing, hanging, store = {} } = options;
    const session = new ProviderSession(provider, now(store));
    const [broken, endless] = [failing && now(failing), hanging && now(hanging)];
    return { provider, session, present: now(present), absent: now(absent), failing: broken, hanging: endless };
  };
  describe(`${provider.slug} keeps the promises of a provider`, () => {
    for (const number of Object.keys(checks) as RequirementNumber[]) {
      const register = skipped[number] ? test.skip : test;
      register(`${number} ${providerRequirements[number]}`, async () => checks[number](await bench()));
    }
  });
}
