import { openAccessHost, type AccessHost } from '../../../test/support/access-host';

let host: AccessHost;
beforeAll(async () => {
  host = await openAccessHost();
  for (const name of ['a', 'b', 'c'])
    await host.anywhere('/api/extras/secrets/', {
      method: 'POST',
      body: { name, provider: 'text-file', parameters: { path: '/a' } },
    });
});
afterAll(() => host.close());

const list = (query: string) => host.anywhere(`/api/extras/secrets/?${query}`);

test.each(['count=exact', 'count=estimate', 'count='])('a list takes %s, and its links keep it', async (asked) => {
  const { status, body } = await list(`limit=2&${asked}`);
  expect([status, body.count, body.results.length]).toEqual([200, 3, 2]);
  expect(body.next).toContain(asked);
  const last = await list(`limit=2&offset=2&${asked}`);
  expect([last.body.count, last.body.next, last.body.results.length]).toEqual([3, null, 1]);
});

test.each(['none', 'Exact', 'constructor'])('count=%s is refused', async (asked) => {
  const { status, body } = await list(`count=${asked}`);
  expect([status, body]).toEqual([400, { count: [`"${asked}" is not a valid choice.`] }]);
});
