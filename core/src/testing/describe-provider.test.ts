import { defineProvider } from '../contracts/secrets-provider';
import { ProviderFailure } from '../errors';
import { parameter } from '../parameters';
import { describeProvider } from '../testing';

const values: Readonly<Record<string, string>> = { present: 'correct horse battery' };

describeProvider(
  defineProvider({
    slug: 'in-memory',
    name: 'In Memory',
    parameters: { key: parameter.text('Name of the value') },
    store: { broken: parameter.flag('Whether it fails') },
    open: ({ broken }) => ({ broken }),
    close: () => {},
    check: async () => {},
    fetch: ({ parameters, store }) => {
      if (store.broken) throw new ProviderFailure('unavailable');
      return values[parameters.key];
    },
    fetchMany: async (requests) => requests.map(({ parameters }) => values[parameters.key]),
  }),
  {
    present: { parameters: { key: 'present' }, value: 'correct horse battery' },
    absent: { parameters: { key: 'absent' } },
    failing: { parameters: { key: 'present' }, store: { broken: true } },
  },
);
