import { systemPrincipal, type HostAccess, type ListQuery, type TypeDescriptor } from '@latchkey/host/extend';
import { storedSecretType } from '../types';
import { listSecrets } from './list-secrets';

type Answer = (type: TypeDescriptor, query: ListQuery) => { readonly count: number; readonly rows: readonly object[] };

const page = (count: number, rows: readonly object[] = []) => ({ count, rows });
const isNarrowed = ({ filters = [] }: ListQuery): boolean => filters.some(({ lookup }) => lookup === 'icontains');
const row = (number: number) => ({ id: `id ${number}`, number, name: `s${number}`, role: 'r', objects: [] });

/** What a list asks of kept rows that answer so. */
function listOf(answer: Answer, asked: { readonly q?: string; readonly offset?: number }) {
  const list = jest.fn(async (type: TypeDescriptor, query: ListQuery) => answer(type, query));
  const kept = { list, remember: async (_key: string, make: () => Promise<unknown>) => make() };
  const host = { kept, policy: { scope: () => ({ kind: 'all' }) } } as unknown as HostAccess;
  const { q = '', offset = 0 } = asked;
  return listSecrets(host, systemPrincipal, { filters: [], q, part: { limit: 50, offset }, shape: '2.9' });
}

test('more secrets than are sorted come in the order of their numbers', async () => {
  const answer: Answer = (_type, { limit, offset }) => page(5001, limit === 50 ? [row(offset + 1)] : []);
  expect(await listOf(answer, { offset: 50 })).toEqual({ count: 5001, rows: [row(51)] });
});

test.each([
  ['secrets to search', (type: TypeDescriptor) => page(type === storedSecretType ? 100_001 : 0)],
  ['objects of that name', (type: TypeDescriptor) => page(type === storedSecretType ? 10 : 1001)],
  [
    'secrets that match',
    (type: TypeDescriptor, query: ListQuery) => page(type === storedSecretType ? (isNarrowed(query) ? 5001 : 6000) : 0),
  ],
] as const)('a search is refused where there are too many %s, and lists nothing else', async (what, answer) => {
  const refusal = { faults: { q: [expect.stringContaining(`too many ${what}; add a filter`)] } };
  await expect(listOf(answer, { q: 's' })).rejects.toMatchObject(refusal);
});
