import { refused, type Behaviour, type Behaviours } from './behaviour';

const finds = (query: string, ...names: readonly string[]): Behaviour => ({
  it: `finds by ${query}`,
  path: `secrets/?id__lte=3&${query}`,
  status: 200,
  holds: {
    count: names.length,
    results: expect.arrayContaining(names.map((name) => expect.objectContaining({ name }) as unknown)) as unknown,
  },
});
const noChoice = (name: string, value: string): Behaviour =>
  refused(`knows no ${name} ${value}`, {
    path: `secrets/?${name}=${value}`,
    is: { [name]: [`Select a valid choice. ${value} is not one of the available choices.`] },
  });
const unknown = (query: string): Behaviour => ({
  ...finds(query, 'admin', 'read', ''),
  it: `passes over ${query}, as it means nothing`,
});
const opensNothing = (name: string): Behaviour =>
  refused(`opens nothing for ${name}, which means nothing`, {
    path: `secrets/?${name}=1`,
    key: true,
    is: { [name]: ['Unknown filter field'] },
  });

/** What the parameters of a list of secrets find. */
export const filters: Behaviours = () => [
  finds('name=admin', 'admin'),
  finds('name=admin&name=read', 'admin', 'read'),
  finds('name=ADMIN'),
  finds('name=', 'admin', 'read', ''),
  finds('name__n=admin', 'read', ''),
  finds('name__ic=D', 'admin', 'read'),
  finds('name__nic=d', ''),
  finds('name__isw=R', 'read'),
  finds('name__nisw=r', 'admin', ''),
  finds('name__iew=N', 'admin'),
  finds('name__niew=n', 'read', ''),
  finds('name__ie=ADMIN', 'admin'),
  finds('name__nie=ADMIN', 'read', ''),
  finds('name__empty=true', ''),
  finds('name__empty=false', 'admin', 'read'),
  finds('id=1&id=3', 'admin', ''),
  finds('id=-1'),
  finds('id__n=1', 'read', ''),
  finds('id__gt=1&id__lt=3', 'read'),
  finds('id__gte=-1', 'admin', 'read', ''),
  finds('id__lt=-1'),
  finds('id__gt=99999999999999999999'),
  finds('role=snmp', 'read'),
  finds('role=snmp&role=login', 'admin', 'read', ''),
  finds('role=&role=snmp', 'read'),
  finds('role_id=1', 'admin', ''),
  finds('role__n=snmp', 'admin', ''),
  finds('device=r1', 'admin', 'read'),
  finds('device_id=2', ''),
  finds('device__n=r1', ''),
  finds('tag=prod', 'admin'),
  finds('tag__n=prod', 'read', ''),
  finds('q=ADM', 'admin'),
  finds('q=R2', ''),
  finds('q=+', 'admin', 'read', ''),
  finds('cf_owner_team=nE', 'admin'),
  finds('cf_tier=gold', 'read'),
  finds('cf_tier=1', 'read'),
  finds('cf_tier=2'),
  finds('created__gte=2000-01-01', 'admin', 'read', ''),
  finds('created__lte=2000-01-01'),
  finds('last_updated__lte=2000-01-01T00:00:00Z'),
  unknown('ordering=name'),
  unknown('name__regex=a'),
  unknown('id__in=1'),
  opensNothing('nmae'),
  opensNothing('name__regex'),
  opensNothing('role__ic'),
  opensNothing('created__n'),
  noChoice('role', 'no-such'),
  noChoice('role_id', '999'),
  noChoice('device', 'r9'),
  noChoice('device_id', '-1'),
  noChoice('tag', 'no-such'),
  refused('knows no role by a word', {
    path: 'secrets/?role_id=abc',
    is: { role_id: ['“abc” is not a valid value.'] },
  }),
  refused('reads no days that are none', {
    path: 'secrets/?created=2026-13-01',
    is: { created: ['Enter a valid date.'] },
  }),
  refused('reads no numbers that are none', { path: 'secrets/?id=abc', is: { id: ['Enter a number.'] } }),
  refused('looks for no NUL', { path: 'secrets/?name=%00', is: { name: ['Null characters are not allowed.'] } }),
];
