import { MemoryUnitOfWork } from '../../../test/support/memory-unit-of-work';
import { systemPrincipal, type Principal } from '../domain/access';
import { Conflict, Forbidden, InvalidInput, NotFound } from '../domain/failures';
import { objectType } from '../domain/inventory';
import {
  accessTypes,
  associationType,
  secretsGroupType,
  secretType,
  secretTypes,
  type Choices,
} from '../domain/secrets';
import { administratorsOnly } from '../../../test/support/policies';
import type { Policy } from '../permissions/policy';
import { createWrites, type Change, type CreateWritesOptions } from './create-writes';

const choices: Choices = {
  accessTypes: Object.fromEntries(accessTypes.map((name) => [name, name])),
  secretTypes,
};
const admin: Principal = { id: 'a', name: 'admin', isSuperuser: true, mayWrite: true };
const secret = (more: object = {}) => ({
  name: 's',
  provider: 'environment-variable',
  parameters: { variable: 'A' },
  ...more,
});

function setup(options: Partial<CreateWritesOptions> = {}) {
  const unitOfWork = new MemoryUnitOfWork();
  let tick = 0;
  const now = () => new Date(Date.UTC(2026, 0, 1, 0, 0, (tick += 1)));
  const writes = createWrites({ unitOfWork, policy: administratorsOnly, choices, rules: {}, now, ...options });
  return { writes, rows: unitOfWork.rows };
}

const refusal = (writing: Promise<unknown>): Promise<unknown> =>
  writing.then(
    () => 'accepted',
    (error: unknown) => (error instanceof InvalidInput ? error.faults : error),
  );

describe('creating a row', () => {
  it('fills identity, slug, times and defaults', async () => {
    const { writes } = setup();
    const row = await writes.create(admin, secretType, secret({ name: '  Router Password ' }));
    expect(row).toMatchObject({
      name: 'Router Password',
      slug: 'router-password',
      description: '',
      number: 1,
      created: '2026-01-01T00:00:01.000Z',
      last_updated: '2026-01-01T00:00:01.000Z',
    });
    expect(row.id).toMatch(/^[0-9a-f-]{36}$/);
  });

  it.each([
    [{}, { name: ['This field is required.'], provider: ['This field is required.'] }],
    [secret({ name: '   ' }), { name: ['This field may not be blank.'] }],
    [secret({ name: null }), { name: ['This field may not be null.'] }],
    [secret({ name: ['x'] }), { name: ['Not a valid string.'] }],
    [secret({ name: true }), { name: ['Not a valid string.'] }],
    [secret({ name: 'n'.repeat(256) }), { name: ['Ensure this field has no more than 255 characters.'] }],
    [secret({ name: 'a\0b' }), { name: ['Null characters are not allowed.'] }],
    [secret({ name: 'a\ud800b' }), { name: ['Surrogate characters are not allowed: U+D800.'] }],
    [secret({ provider: '' }), { provider: ['This field may not be blank.'] }],
    [secret({ parameters: undefined }), { parameters: ['This field cannot be blank.'] }],
    [secret({ parameters: {} }), { parameters: ['This field cannot be blank.'] }],
    [secret({ parameters: null }), { parameters: ['This field may not be null.'] }],
    [secret({ parameters: 'variable' }), { parameters: ['Expected a dictionary of items but got type "str".'] }],
    [secret({ parameters: ['variable'] }), { parameters: ['Expected a dictionary of items but got type "list".'] }],
    [secret({ parameters: { a: [{ b: 'x\0' }] } }), { parameters: ['Null characters are not allowed.'] }],
    [
      secret({ parameters: JSON.parse('{"a":{"__proto__":{}}}') as object }),
      { parameters: ['The name "__proto__" is not allowed.'] },
    ],
    [secret({ colour: 'red' }), { colour: ['Unknown field.'] }],
    [secret({ id: 'x' }), { id: ['Must be a valid UUID.'] }],
    [secret({ slug: 'with space' }), { slug: [expect.stringContaining('valid “slug”')] }],
    ['text', { non_field_errors: ['Invalid data. Expected a dictionary, but got str.'] }],
    [[], { non_field_errors: ['Invalid data. Expected a dictionary, but got list.'] }],
    [null, { non_field_errors: ['No data provided'] }],
  ])('refuses %j', async (input, faults) => {
    expect(await refusal(setup().writes.create(admin, secretType, input))).toEqual(faults);
  });

  it('counts characters as people do, not UTF-16 units', async () => {
    const row = await setup().writes.create(admin, secretType, secret({ name: '😀'.repeat(255) }));
    expect(row.name).toHaveLength(510);
  });

  it('takes a number as a name, and passes over the read-only names of what is shown', async () => {
    const body = secret({
      name: 17,
      display: 'x',
      url: 'x',
      natural_slug: 'x',
      object_type: 'x',
      created: 'x',
      number: 9,
    });
    const row = await setup().writes.create(admin, secretType, body);
    expect(row).toMatchObject({ name: '17', number: 1, created: '2026-01-01T00:00:01.000Z' });
  });

  it('makes slugs that are free: numbered, and from the label when the name has no letter', async () => {
    const { writes } = setup();
    const slugs = [];
    for (const name of ['a b', 'a=b', 'a  b!', '密码'])
      slugs.push((await writes.create(admin, secretType, secret({ name }))).slug);
    expect(slugs).toEqual(['a-b', 'ab', 'a-b-2', expect.stringMatching(/^secret-[0-9a-f]{8}$/)]);
  });

  it('refuses what another row has already', async () => {
    const { writes } = setup();
    const { id } = await writes.create(admin, secretType, secret({ name: 'one', slug: 'own' }));
    expect(await refusal(writes.create(admin, secretType, secret({ name: 'one', slug: 'own', id })))).toEqual({
      name: ['secret with this name already exists.'],
      slug: ['secret with this slug already exists.'],
      id: ['This id cannot be used.'],
    });
    expect(await writes.create(admin, secretType, secret({ name: 'ONE' }))).toMatchObject({ slug: 'one-2' });
  });

  it('refuses what could be taken for another row', async () => {
    const { writes } = setup();
    const uuid = '5EC00000-0000-4000-8000-00000000000A';
    const own = await writes.create(admin, secretType, secret({ name: 'Core', slug: 'core-1' }));
    const other = await writes.create(admin, secretType, secret({ name: 'edge', slug: 'elsewhere' }));
    await writes.create(admin, secretType, secret({ name: uuid }));
    const create = (more: object) => refusal(writes.create(admin, secretType, secret(more)));
    const change = (id: string, more: object) => refusal(writes.update(admin, secretType, id, more, { partial: true }));
    const asName = { name: ['secret with this name as its slug already exists.'] };
    const asSlug = { slug: ['secret with this slug as its name already exists.'] };
    expect(await create({ name: 'core-1' })).toEqual(asName);
    expect(await create({ name: 'new', slug: 'edge' })).toEqual(asSlug);
    expect(await create({ name: 'new', id: uuid })).toEqual({ id: ['This id cannot be used.'] });
    expect(await change(other.id, { name: 'core-1' })).toEqual(asName);
    expect(await change(own.id, { slug: 'edge' })).toEqual(asSlug);
    expect(await change(own.id, { name: 'core-1', slug: 'core-1' })).toBe('accepted');
    expect(await writes.create(admin, secretType, secret({ name: 'Edge' }))).toMatchObject({ slug: 'edge-2' });
  });

  it('runs the rule of the type on the row as it would become', async () => {
    const rule = jest.fn((): Record<string, string[]> => ({ __all__: ['no'] }));
    const { writes, rows } = setup({ rules: { 'extras.secret': rule } });
    expect(await refusal(writes.create(admin, secretType, secret()))).toEqual({ __all__: ['no'] });
    expect(rule).toHaveBeenCalledWith(expect.objectContaining({ provider: 'environment-variable' }));
    expect(await rows.get(secretType, { name: 's' })).toBeUndefined();
  });
});

describe('references', () => {
  const filled = async (secrets_group: (id: string) => unknown) => {
    const { writes } = setup();
    const group = await writes.create(admin, secretsGroupType, { name: "grp 'one'" });
    const { id } = await writes.create(admin, secretType, secret());
    const slot = { access_type: 'SSH', secret_type: 'password', secret: id };
    const row = writes.create(admin, associationType, { ...slot, secrets_group: secrets_group(group.id) });
    return { row, group };
  };

  it.each([
    ['an id', (id: string) => id],
    ['an object with an id', (id: string) => ({ id, object_type: 'extras.secretsgroup', url: 'x' })],
    ['a name', () => "grp 'one'"],
    ['an object with a name', () => ({ name: "grp 'one'" })],
    ['an object with a slug', () => ({ slug: 'grp-one' })],
  ])('may be given as %s', async (_, given) => {
    const { row, group } = await filled(given);
    expect(await row).toMatchObject({ secrets_group: group.id });
  });

  const nil = '00000000-0000-4000-8000-000000000000';
  const unrecognized =
    'Related objects must be referenced by ID or by dictionary of attributes. Received an unrecognized value: ';
  const notFound = 'Related object not found using the provided attributes: ';
  it.each([
    [nil, `${notFound}{'pk': UUID('${nil}')}`],
    ['no such', `${notFound}{'name': 'no such'}`],
    ["it's", `${notFound}{'name': "it's"}`],
    [{ name: "grp 'one'", slug: 'other' }, `${notFound}{'name': "grp 'one'", 'slug': 'other'}`],
    [{ url: '/api/x/' }, `${unrecognized}/api/x/`],
    [5, `${unrecognized}5`],
    [[nil], `${unrecognized}list`],
    [null, 'This field may not be null.'],
    [{ colour: 'red' }, "Cannot resolve keyword 'colour' into field. Choices are: id, name, slug"],
    [{ name: { $ne: '' } }, `${unrecognized}dict`],
  ])('refuses %j', async (given, message) => {
    const { row } = await filled(() => given);
    expect(await refusal(row)).toEqual({ secrets_group: [message] });
  });

  it('to rows that may not be viewed are answered as not there', async () => {
    const policy: Policy = {
      ...administratorsOnly,
      decide: ({ action }) => ({ allowed: action !== 'view', rule: 'test' }),
    };
    const { writes } = setup({ policy });
    await writes.create(admin, secretsGroupType, { name: 'hidden' });
    const body = { object_type: 'dcim.device', name: 'd', secrets_group: 'hidden' };
    expect(await refusal(writes.create(admin, objectType, body))).toEqual({
      secrets_group: [`${notFound}{'name': 'hidden'}`],
    });
  });
});

describe('a slot', () => {
  const slot = { secrets_group: 'g', secret: 's', access_type: 'SSH', secret_type: 'password' };
  const ready = async () => {
    const made = setup();
    await made.writes.create(admin, secretsGroupType, { name: 'g' });
    await made.writes.create(admin, secretType, secret());
    return made;
  };

  it('takes known choices only', async () => {
    const { writes } = await ready();
    const body = { ...slot, access_type: 'ssh', secret_type: 'Private Key' };
    expect(await refusal(writes.create(admin, associationType, body))).toEqual({
      access_type: ['"ssh" is not a valid choice.'],
      secret_type: ['"Private Key" is not a valid choice.'],
    });
    expect(await refusal(writes.create(admin, associationType, { ...slot, access_type: 'constructor' }))).toEqual({
      access_type: ['"constructor" is not a valid choice.'],
    });
  });

  it('is filled once', async () => {
    const { writes } = await ready();
    await writes.create(admin, associationType, slot);
    expect(await refusal(writes.create(admin, associationType, slot))).toEqual({
      non_field_errors: ['The fields secrets_group, access_type, secret_type must make a unique set.'],
    });
  });

  it('keeps its secret from being deleted, and names the group', async () => {
    const { writes, rows } = await ready();
    await writes.create(admin, associationType, slot);
    await writes.create(admin, associationType, { ...slot, access_type: 'REST' });
    const [group, row] = [await rows.get(secretsGroupType, { name: 'g' }), await rows.get(secretType, { name: 's' })];
    const error = await refusal(writes.remove(admin, secretType, row?.id ?? ''));
    expect(error).toBeInstanceOf(Conflict);
    expect((error as Conflict).message).toBe(
      `Unable to delete object. 1 dependent objects were found: g (${group?.id ?? ''})`,
    );
    expect(await rows.get(secretType, { name: 's' })).toBeDefined();
  });

  it('goes with its group, and objects lose the group', async () => {
    const { writes, rows } = await ready();
    const { id } = await writes.create(admin, associationType, slot);
    await writes.create(admin, objectType, { object_type: 'dcim.device', name: 'd', secrets_group: 'g' });
    await writes.remove(admin, secretsGroupType, (await rows.get(secretsGroupType, { name: 'g' }))?.id ?? '');
    expect(await rows.get(associationType, { id })).toBeUndefined();
    expect(await rows.get(objectType, { name: 'd' })).toMatchObject({ secrets_group: null });
  });
});

describe('changing a row', () => {
  it('keeps what a PATCH or a PUT leaves out, and the slug through a rename', async () => {
    const { writes } = setup();
    const { id } = await writes.create(admin, secretType, secret({ description: 'kept' }));
    const patched = await writes.update(admin, secretType, id, { name: 'renamed' }, { partial: true });
    expect(patched).toMatchObject({ name: 'renamed', slug: 's', description: 'kept', created: expect.any(String) });
    const put = await writes.update(admin, secretType, id, { name: 'p', provider: 'text-file' }, { partial: false });
    expect(put).toMatchObject({ name: 'p', description: 'kept', parameters: { variable: 'A' } });
    expect(put.last_updated > put.created).toBe(true);
  });

  it('asks for required fields in a PUT alone', async () => {
    const { writes } = setup();
    const { id } = await writes.create(admin, secretType, secret());
    expect(await refusal(writes.update(admin, secretType, id, { description: 'x' }, { partial: false }))).toEqual({
      name: ['This field is required.'],
      provider: ['This field is required.'],
    });
  });

  it('accepts what was read', async () => {
    const { writes } = setup();
    const row = await writes.create(admin, secretType, secret());
    const again = await writes.update(admin, secretType, row.id, { ...row, display: 's' }, { partial: false });
    expect(again).toMatchObject({ id: row.id, number: row.number, created: row.created });
  });

  it('refuses another id, which would mean another row', async () => {
    const { writes } = setup();
    const { id } = await writes.create(admin, secretType, secret());
    for (const other of ['5ec00000-0000-4000-8000-000000000009', [id], { toString: 1, valueOf: 1 }])
      expect(await refusal(writes.update(admin, secretType, id, { id: other }, { partial: true }))).toEqual({
        id: ['This field may not be changed.'],
      });
  });

  it('judges objects of one type and slug as a set', async () => {
    const { writes } = setup();
    const device = { object_type: 'dcim.device', name: 'r 1' };
    await writes.create(admin, objectType, device);
    const other = await writes.create(admin, objectType, { ...device, object_type: 'dcim.site' });
    expect(other.slug).toBe('r-1');
    expect(
      await refusal(writes.update(admin, objectType, other.id, { object_type: 'dcim.device' }, { partial: true })),
    ).toEqual({
      non_field_errors: [
        'The fields object_type, name must make a unique set.',
        'The fields object_type, slug must make a unique set.',
      ],
    });
  });
});

describe('permission', () => {
  it('is asked before the input is looked at', async () => {
    const { writes } = setup();
    const nobody: Principal = { ...admin, isSuperuser: false };
    for (const writing of [
      writes.create(nobody, secretType, {}),
      writes.update(nobody, secretType, 'x', {}, { partial: true }),
      writes.remove(nobody, secretType, 'x'),
    ])
      expect(await refusal(writing)).toBeInstanceOf(Forbidden);
  });

  it('needs a principal that may write', async () => {
    const { writes } = setup();
    expect(await refusal(writes.create({ ...admin, mayWrite: false }, secretType, secret()))).toBeInstanceOf(Forbidden);
  });

  it('is asked of the saved row; a refusal undoes the write', async () => {
    const policy: Policy = {
      ...administratorsOnly,
      decide: ({ after }) => ({ allowed: after?.name !== 'outside', rule: 'test' }),
    };
    const { writes, rows } = setup({ policy });
    const { id } = await writes.create(admin, secretType, secret({ name: 'inside' }));
    expect(await refusal(writes.update(admin, secretType, id, { name: 'outside' }, { partial: true }))).toBeInstanceOf(
      Forbidden,
    );
    expect(await refusal(writes.create(admin, secretType, secret({ name: 'outside' })))).toBeInstanceOf(Forbidden);
    expect(await rows.list(secretType, { scope: { kind: 'all' }, limit: 9, offset: 0 })).toMatchObject({
      count: 1,
      rows: [{ name: 'inside' }],
    });
  });

  it('out of reach is not there', async () => {
    const policy: Policy = { ...administratorsOnly, decide: ({ before }) => ({ allowed: !before, rule: 'test' }) };
    const { writes } = setup({ policy });
    const { id } = await writes.create(systemPrincipal, secretType, secret());
    const error = await refusal(writes.update(admin, secretType, id, 'not even an object', { partial: true }));
    expect(error).toBeInstanceOf(NotFound);
    expect((error as NotFound).message).toBe('No Secret matches the given query.');
  });
});

describe('listeners', () => {
  it('hear each change inside its transaction, and can undo it', async () => {
    const heard: Change[] = [];
    let refuse = false;
    const listener = async (change: Change): Promise<void> => {
      heard.push(change);
      if (refuse) throw new Error('no room');
    };
    const { writes, rows } = setup({ listeners: [listener] });
    const { id } = await writes.create(admin, secretType, secret());
    refuse = true;
    await expect(writes.remove(admin, secretType, id)).rejects.toThrow('no room');
    expect(heard.map(({ before, after }) => [before?.id, after?.id])).toEqual([
      [undefined, id],
      [id, undefined],
    ]);
    expect(await rows.get(secretType, { id })).toBeDefined();
  });
});

describe('a list of rows', () => {
  it('that is malformed is refused before the lock is taken', async () => {
    const { writes, runs } = watched();
    await expect(writes.all.create({ principal: admin, type: secretType }, [secret(), {}, 7])).rejects.toMatchObject({
      rows: [{}, { name: ['This field is required.'], provider: ['This field is required.'] }, expect.anything()],
    });
    expect(runs.begun).toBe(0);
  });

  it('waits for the one before it of the same principal, and for no one else’s', async () => {
    const { writes, runs } = watched();
    const other: Principal = { ...admin, id: 'b', name: 'other' };
    const create = (principal: Principal, name: string) =>
      writes.all.create({ principal, type: secretType }, [secret({ name })]);
    runs.held = true;
    const [first, second, others] = [create(admin, 'one'), create(admin, 'two'), create(other, 'three')];
    await settled();
    expect(runs.begun).toBe(2);
    runs.release();
    await Promise.all([first, second, others]);
    expect(runs.begun).toBe(3);
  });

  it('is not kept by the failure of the one before it', async () => {
    const { writes } = watched();
    await writes.create(admin, secretType, secret());
    const create = (name: string) => writes.all.create({ principal: admin, type: secretType }, [secret({ name })]);
    const [bad, good] = [create('s'), create('t')];
    await expect(bad).rejects.toThrow('already exists');
    expect(await good).toHaveLength(1);
  });

  /** Writes whose transactions are counted, and can be held up where they begin. */
  function watched() {
    const unitOfWork = new MemoryUnitOfWork();
    let open = (): void => undefined;
    const gate = new Promise<void>((resolve) => {
      open = resolve;
    });
    const runs = { begun: 0, held: false, release: open };
    const run: MemoryUnitOfWork['run'] = async (work) => {
      runs.begun += 1;
      if (runs.held) await gate;
      return unitOfWork.run(work);
    };
    const held = { rows: unitOfWork.rows, version: () => unitOfWork.version(), close: () => unitOfWork.close(), run };
    return { ...setup({ unitOfWork: held }), runs };
  }

  const settled = () => new Promise((resolve) => setImmediate(resolve));
});
