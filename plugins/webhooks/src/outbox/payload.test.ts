import { defineCollection, describeType, standardFields, systemPrincipal, type AnyRow } from '@latchkey/host/extend';
import { payloadOf } from './payload';

const type = describeType({
  name: 'library.book',
  label: 'book',
  table: 'library_books',
  fields: {
    ...standardFields,
    name: { kind: 'text', required: true },
    owner: { kind: 'reference', target: 'users.user', nullable: true },
    tags: { kind: 'references', target: 'extras.tag' },
    state: { kind: 'choice', oneOf: { lent: 'Lent' } },
    mark: { kind: 'secret', nullable: true },
    shelf: { kind: 'text', nullable: true },
  },
  unique: [],
  order: ['name'],
  display: 'name',
});
const collection = defineCollection({
  type,
  address: 'library/books',
  title: 'Books',
  fields: ['name', 'owner', 'tags', 'state', 'last_updated'],
  filters: [],
  keys: [],
  naturalKey: ['name'],
});
const row = { id: 'b1', number: 1, name: 'SICP', owner: 'u1', tags: ['t1'], state: 'lent', mark: 'x', shelf: 'y' };
const before: AnyRow = { ...row, last_updated: '1' };
const after: AnyRow = { ...row, name: 'HtDP', owner: null, tags: [], mark: 'z', last_updated: '2' };

const of = (was: AnyRow | undefined, becomes: AnyRow | undefined) =>
  payloadOf(
    { principal: systemPrincipal, type, before: was, after: becomes, origin: { requestId: 'r1' } },
    {
      timestamp: '2026-11-25T12:00:00.000Z',
      collection,
      addressOf: (name) => (name === 'extras.tag' ? undefined : name.replace('.', '/')),
    },
  );

test('a change is told with what was, what is and the difference', () => {
  expect(of(before, after)).toEqual({
    event: 'updated',
    timestamp: '2026-11-25T12:00:00.000Z',
    model: 'book',
    username: systemPrincipal.name,
    request_id: 'r1',
    data: {
      id: 'b1',
      object_type: 'library.book',
      display: 'HtDP',
      url: '/api/library/book/b1/',
      name: 'HtDP',
      owner: null,
      tags: [],
      state: { value: 'lent', label: 'Lent' },
      last_updated: '2',
    },
    snapshots: {
      prechange: { name: 'SICP', owner: 'u1', tags: ['t1'], state: 'lent', last_updated: '1' },
      postchange: { name: 'HtDP', owner: null, tags: [], state: 'lent', last_updated: '2' },
      differences: {
        removed: { name: 'SICP', owner: 'u1', tags: ['t1'] },
        added: { name: 'HtDP', owner: null, tags: [] },
      },
    },
  });
});

test('a creation has nothing before, a removal nothing after, and references have their addresses', () => {
  expect(of(undefined, before)).toMatchObject({
    event: 'created',
    data: {
      owner: { id: 'u1', object_type: 'users.user', url: '/api/users/user/u1/' },
      tags: [{ id: 't1', object_type: 'extras.tag', url: null }],
    },
    snapshots: { prechange: null, differences: { removed: null, added: { name: 'SICP' } } },
  });
  expect(of(before, undefined)).toMatchObject({
    event: 'deleted',
    data: { name: 'SICP' },
    snapshots: { postchange: null, differences: { added: null, removed: { name: 'SICP' } } },
  });
});

test('neither a secret field nor one that REST does not show is told', () => {
  expect(JSON.stringify([of(undefined, after), of(before, after)])).not.toMatch(/"(mark|shelf|number)"/);
});
