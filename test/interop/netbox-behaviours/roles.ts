import { numbers, refused, type Behaviour, type Behaviours } from './behaviour';

const path = 'secret-roles/';
const one = `${path}${numbers.snmp}/`;
const form = { 'Content-Type': 'application/x-www-form-urlencoded' };
const wrong = (it: string, body: unknown, is: unknown): Behaviour => refused(it, { method: 'POST', path, body, is });
const most = (length: number) => [`Ensure this field has no more than ${length} characters.`];

/** How roles are made, changed and found. */
export const roles: Behaviours = (version) => {
  const slug = `made-${version.replace('.', '')}`;
  const length = version === '2.9' ? 50 : 100;
  return [
    {
      it: 'has the fields of its version, and no count when it is new',
      method: 'POST',
      path,
      body: { name: `Made ${version}`, slug },
      status: 201,
      is: {
        id: expect.any(Number),
        url: expect.any(String),
        ...(version === '2.11' && { display: `Made ${version}` }),
        name: `Made ${version}`,
        slug,
        description: '',
        ...(version === '2.11' && {
          custom_fields: {},
          created: expect.stringMatching(/^\d{4}-\d\d-\d\d$/),
          last_updated: expect.stringMatching(/Z$/),
        }),
      },
    },
    {
      it: 'has no count without secrets in 2.9, and none of them in 2.11',
      path: `${path}?slug=${slug}`,
      status: 200,
      holds: { results: [{ secret_count: version === '2.9' ? null : 0 }] },
    },
    {
      it: 'is made by a form',
      method: 'POST',
      path,
      raw: `name=Form ${version}&slug=form-${slug}`,
      headers: form,
      status: 201,
    },
    {
      it: 'is changed by a form',
      method: 'PATCH',
      path: one,
      raw: 'description=by+form',
      headers: form,
      status: 200,
      holds: { description: 'by form' },
    },
    {
      it: 'keeps by PUT what is not said',
      method: 'PUT',
      path: one,
      body: { name: 'SNMP', slug: 'snmp' },
      status: 200,
      holds: { description: 'by form' },
    },
    wrong('wants a name and a slug', {}, { name: ['This field is required.'], slug: ['This field is required.'] }),
    wrong(
      'has one name and one slug',
      { name: 'SNMP', slug: 'snmp' },
      {
        name: ['secret role with this name already exists.'],
        slug: ['secret role with this slug already exists.'],
      },
    ),
    wrong(
      'has a slug of certain letters',
      { name: 'x', slug: 'not a slug!' },
      { slug: ['Enter a valid "slug" consisting of letters, numbers, underscores or hyphens.'] },
    ),
    wrong('has a short name', { name: 'x'.repeat(length + 1), slug: 'x' }, { name: most(length) }),
    wrong('is no list', 'x', { non_field_errors: ['Invalid data. Expected a dictionary, but got str.'] }),
    wrong(
      'tells of a list which items are wrong',
      [
        { name: 'good', slug: 'good' },
        { name: '', slug: 'bad' },
      ],
      [{}, { name: ['This field may not be blank.'] }],
    ),
    wrong(
      'tells of a list which roles are there already',
      [
        { name: 'new', slug: 'new' },
        { name: 'SNMP', slug: 'another' },
      ],
      [{}, { name: ['secret role with this name already exists.'] }],
    ),
    refused('tells which lines of a file are there already', {
      method: 'POST',
      path,
      raw: 'name,slug\nnew,new\nSNMP,another\n',
      headers: { 'Content-Type': 'text/csv' },
      is: { non_field_errors: ['Line 3, column name: secret role with this name already exists.'] },
    }),
    {
      it: 'is found by a part of its name',
      path: `${path}?q=NM`,
      status: 200,
      holds: { count: 1, results: [{ slug: 'snmp' }] },
    },
    { it: 'is found by slugs', path: `${path}?slug=snmp&slug=login`, status: 200, holds: { count: 2 } },
    {
      it: 'is shown shortly',
      path: `${one}?brief=1`,
      status: 200,
      holds: { slug: 'snmp', secret_count: expect.any(Number) },
    },
  ];
};
