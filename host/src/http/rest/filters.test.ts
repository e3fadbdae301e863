import { openAccessHost, type AccessHost } from '../../../../test/support/access-host';

const secrets = '/api/extras/secrets/';
const names = ['alpha', 'Beta', 'GAMMA_x', 'gammaXx', '100% delta', 'Ünïcode', 'a,b', 'back\\slash'];

let host: AccessHost;
let ids: Record<string, string>;
beforeAll(async () => {
  host = await openAccessHost();
  ids = {};
  const make = async (path: string, body: object) => {
    const answer = await host.anywhere(path, { method: 'POST', body });
    expect(answer).toMatchObject({ status: 201 });
    return answer.body.id as string;
  };
  for (const name of names) {
    const provider = name.startsWith('a') ? 'environment-variable' : 'text-file';
    ids[name] = await make(secrets, { name, provider, parameters: { variable: 'A' } });
  }
  ids.group = await make('/api/extras/secrets-groups/', { name: 'the group' });
  await make('/api/extras/secrets-groups-associations/', {
    secrets_group: ids.group,
    secret: ids.alpha,
    access_type: 'SSH',
    secret_type: 'password',
  });
});
afterAll(() => host.close());

const listed = async (query: string, path = secrets) => {
  const { status, body } = await host.anywhere(`${path}?${query.replaceAll('ID:alpha', ids.alpha ?? '')}`);
  return status === 200 ? body.results.map((row: { name?: string; display: string }) => row.name ?? row.display) : body;
};
const without = (...left: string[]) => names.filter((name) => !left.includes(name)).toSorted();

test.each([
  ['name=alpha', ['alpha']],
  ['name=ALPHA', []],
  ['name=++alpha+', ['alpha']],
  ['name__n=alpha', without('alpha')],
  ['name__ic=GAMMA', ['GAMMA_x', 'gammaXx']],
  ['name__ic=_', ['GAMMA_x']],
  ['name__ic=0%25+d', ['100% delta']],
  ['name__ic=%5C', ['back\\slash']],
  ['name__ic=%2C', ['a,b']],
  ['name__ic=%C3%BCN', ['Ünïcode']],
  ['name__nic=gamma', without('GAMMA_x', 'gammaXx')],
  ['name__isw=b', ['Beta', 'back\\slash']],
  ['name__nisw=b', without('Beta', 'back\\slash')],
  ['name__iew=TA', ['100% delta', 'Beta']],
  ['name__niew=ta', without('100% delta', 'Beta')],
  ['name__ie=BETA', ['Beta']],
  ['name__nie=beta', without('Beta')],
  ['name__re=%5Ea', ['a,b', 'alpha']],
  ['name__nre=%5Ea', without('a,b', 'alpha')],
  ['name__ire=%5EG.*X$', ['GAMMA_x', 'gammaXx']],
  ['name__nire=%5EG', without('GAMMA_x', 'gammaXx')],
  ['name=alpha&name=Beta', ['Beta', 'alpha']],
  ['name__n=alpha&name__n=Beta', without('alpha', 'Beta')],
  ['name__ic=gamma&name__nic=_', ['gammaXx']],
  ['name=alpha,Beta', []],
  ['name__ic=a&provider=environment-variable', ['a,b', 'alpha']],
  ['name=', names.toSorted()],
  ['name__ic=', names.toSorted()],
  ['id=ID:alpha', ['alpha']],
  ['id__n=ID:alpha', without('alpha')],
  ['secrets_groups=the+group', ['alpha']],
  ['secrets_groups__n=the+group', without('alpha')],
  ['secrets_groups__isnull=true', without('alpha')],
  ['secrets_groups__isnull=false', ['alpha']],
  ['created__gte=2000-01-01', names.toSorted()],
  ['created__lt=2000-01-01', []],
  ['created__lte=2999-01-01+00:00:00', names.toSorted()],
  ['created__n=2000-01-01', names.toSorted()],
  ['created__isnull=true', []],
])('%s', async (query, expected) => {
  expect(await listed(query)).toEqual(expected);
});

test.each([
  ['name__zz=x', 'Unknown filter field'],
  ['name__icontains=x', 'Unknown filter field'],
  ['name__isnull=true', 'Unknown filter field'],
  ['id__isw=a', 'Unknown filter field'],
  ['id__re=a', 'Unknown filter field'],
  ['description__ic=x', 'Unknown filter field'],
  ['created__gte=yesterday', 'Enter a valid date/time.'],
  ['created__gte=2026-02-30', 'Enter a valid date/time.'],
  ['created__isnull=maybe', 'Must be a valid boolean.'],
  ['secrets_groups=nobody', 'Select a valid choice. nobody is not one of the available choices.'],
  ['name=a%00b', 'Null characters are not allowed.'],
  ['name__ic=a%00b', 'Null characters are not allowed.'],
  ['name__re=(', expect.stringContaining('Not a regular expression')],
  ['name__nire=[', expect.stringContaining('Not a regular expression')],
  ['name__re=(a%2B)%2B%5C1', expect.stringContaining('Not a regular expression')],
  ['name__re=a&name__re=b&name__re=c&name__re=d&name__re=e', expect.stringContaining('at most 4')],
])('%s is refused, by the name of the parameter', async (query, message) => {
  expect(await listed(query)).toEqual({ [query.split('=')[0] as string]: [message] });
});

test('of a relation that others may see in part nothing can be asked that tells what is hidden', async () => {
  const user = await host.request('users/', { method: 'POST', body: { username: 'part', password: 'p' } });
  const token = 'b'.repeat(40);
  await host.request('tokens/', { method: 'POST', body: { user: user.body.id, key: token } });
  const permit = (name: string, object_types: string[]) =>
    host.request('permissions/', {
      method: 'POST',
      body: { name, object_types, actions: ['view'], users: [user.body.id] },
    });
  await permit('secrets', ['extras.secret']);
  const asked = () => host.anywhere(`${secrets}?secrets_groups__isnull=false`, { token });
  expect(await asked()).toMatchObject({ status: 400, body: { secrets_groups__isnull: [expect.any(String)] } });
  await permit('slots', ['extras.secretsgroupassociation']);
  expect((await asked()).body.count).toBe(1);
});

test('a list is filtered by so many values, whatever their names, and no more is looked up', async () => {
  const query = (count: number) =>
    Array.from({ length: count }, (_, i) => `${i % 2 === 0 ? 'name' : 'secrets_groups'}=${i}`);
  const { secrets_groups: few } = await listed(query(500).join('&'));
  expect(few).toHaveLength(250);
  expect(await listed(query(501).join('&'))).toEqual({
    secrets_groups: ['A list is filtered by at most 500 values.'],
  });
});
