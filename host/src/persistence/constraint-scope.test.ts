import { randomUUID } from 'node:crypto';

import { openAsking } from '../../../test/support/asking';
import { describeEngines } from '../../../test/support/engines';
import { tokenType, userType } from '../domain/access';
import { accessEntryType, type NewAccessEntry } from '../domain/audit';
import type { TypeDescriptor } from '../domain/descriptor';
import { InvalidInput } from '../domain/failures';
import type { ListQuery, Rows, UnitOfWork } from '../domain/ports';
import { associationType, secretsGroupType, secretType } from '../domain/secrets';
import { hostTypes } from '../domain/types';
import { parseConstraints } from '../permissions/constraints/parse';
import { openAccessLog } from './open-access-log';
import { openDatabase, type Place } from './open-database';

const time = '2026-11-24T21:27:15.123Z';
const standard = () => ({ id: randomUUID(), created: time, last_updated: time });
const nobody = { id: undefined, name: 'nobody' };

function scoped(
  type: TypeDescriptor,
  json: unknown,
  user: { id: string | undefined; name: string } = nobody,
): ListQuery {
  const parsed = parseConstraints(json, type, (name) => hostTypes.targets.get(name));
  if ('faults' in parsed || !parsed.constraint) throw new Error(JSON.stringify(parsed));
  return { scope: { kind: 'constraint', constraint: parsed.constraint, user }, limit: 50, offset: 0 };
}

const secret = (name: string, parameters: Readonly<Record<string, unknown>>, provider = 'text-file') => ({
  ...standard(),
  name,
  slug: name.toLowerCase(),
  description: '',
  provider,
  parameters,
});
describeEngines('a scope', ({ name: engine, newPlace, newDatabase }) => {
  const isPostgres = engine === 'PostgreSQL';
  let place: Place;
  let database: UnitOfWork;
  beforeEach(async () => {
    place = await newDatabase();
    database = await openDatabase(place);
  });
  afterEach(() => database.close());

  const save = (...rows: ReturnType<typeof secret>[]) =>
    database.run(async (transaction) => {
      for (const row of rows) await transaction.insert(secretType, row);
    });
  const names = async (json: unknown, query: Partial<ListQuery> = {}, rows: Rows = database.rows) => {
    const page = await rows.list(secretType, { ...scoped(secretType, json), ...query });
    return [page.count, ...page.rows.map(({ name }) => name)];
  };

  describe('a list in a constraint', () => {
    test('holds the rows that meet it, in order and by page, beside the filters', async () => {
      await save(
        secret('c', { path: '/opt/network/c' }),
        secret('a', { path: '/opt/network/a' }),
        secret('b', { path: '/opt/NETWORK/b' }),
        secret('d', { path: '/opt/network/d' }, 'vault'),
        secret('e', { variable: '/opt/network/e' }),
      );
      const network = { parameters__path__startswith: '/opt/network/' };
      expect(await names(network)).toEqual([3, 'a', 'c', 'd']);
      expect(await names(network, { limit: 1, offset: 1 })).toEqual([3, 'c']);
      expect(await names(network, { order: ['-name'] })).toEqual([3, 'd', 'c', 'a']);
      expect(await names(network, { filters: [{ field: 'provider', values: ['vault'] }] })).toEqual([1, 'd']);
      expect(await names([network, { name: 'e' }], { search: 'E' })).toEqual([1, 'e']);
      expect(await names({ parameters__path__istartswith: '/OPT/network/' })).toEqual([4, 'a', 'b', 'c', 'd']);
    });

    test('takes no character for a wildcard', async () => {
      await save(
        secret('NAPALM_A', {}),
        secret('NAPALMXA', {}),
        secret('napalm_b', {}),
        secret('50%', {}),
        secret('500', {}),
      );
      expect(await names({ name__startswith: 'NAPALM_' })).toEqual([1, 'NAPALM_A']);
      expect(await names({ name__icontains: 'ALM_' })).toEqual([2, 'NAPALM_A', 'napalm_b']);
      expect(await names({ name__startswith: '50%' })).toEqual([1, '50%']);
      expect(await names({ name__endswith: '%' })).toEqual([1, '50%']);
    });

    test('follows every change of a row, in the transaction too', async () => {
      const row = secret('a', { path: '/x/a', deep: { er: 1 } });
      await save(row);
      const inX = { parameters__path__startswith: '/x/', parameters__deep__er: 1 };
      await database.run(async (transaction) => {
        await transaction.update(secretType, row.id, { parameters: { path: '/y/a' } });
        expect(await names(inX, {}, transaction)).toEqual([0]);
        expect(await names({ parameters__path__startswith: '/y/' }, {}, transaction)).toEqual([1, 'a']);
      });
      expect(await names(inX)).toEqual([0]);
      expect(await names({ parameters__deep__isnull: true })).toEqual([1, 'a']);
      await database.run((transaction) => transaction.update(secretType, row.id, { slug: 'Other', provider: 'Vault' }));
      expect(await names({ slug__iexact: 'oTHER', provider__iexact: 'vAULT' })).toEqual([1, 'a']);
      expect(await names({ parameters__path: '/y/a' })).toEqual([1, 'a']);
      await database.run((transaction) => transaction.remove(secretType, row.id));
      expect(await names({ parameters__path: '/y/a' })).toEqual([0]);
    });

    test('goes back with a transaction that fails', async () => {
      const row = secret('a', { path: '/x/a' });
      await save(row);
      const failing = database.run(async (transaction) => {
        await transaction.update(secretType, row.id, { parameters: { path: '/y/a' } });
        throw new Error('not this time');
      });
      await expect(failing).rejects.toThrow('not this time');
      expect(await names({ parameters__path__startswith: '/x/' })).toEqual([1, 'a']);
    });

    test('asks one related row for everything that a member asks of it', async () => {
      await save(secret('a', {}), secret('b', {}));
      await database.run(async (transaction) => {
        const [a, b] = (await transaction.list(secretType, { scope: { kind: 'all' }, limit: 2, offset: 0 })).rows;
        for (const [name, held, slot] of [
          ['one', a, 'SSH'],
          ['two', a, 'HTTP(S)'],
          ['two', b, 'SSH'],
        ] as const) {
          const known = await transaction.get(secretsGroupType, { name });
          const group =
            known ?? (await transaction.insert(secretsGroupType, { ...standard(), name, slug: name, description: '' }));
          const ends = { secrets_group: group.id, secret: held?.id ?? '' };
          await transaction.insert(associationType, {
            id: randomUUID(),
            ...ends,
            access_type: slot,
            secret_type: 'key',
          });
        }
      });
      expect(await names({ secrets_groups__name: 'two' })).toEqual([2, 'a', 'b']);
      expect(await names({ secrets_groups__name: 'one', secrets_groups__slug: 'two' })).toEqual([0]);
      expect(await names([{ secrets_groups__name: 'one' }, { secrets_groups__slug: 'none' }])).toEqual([1, 'a']);
      const inOneSlot = { secrets_group_associations__access_type: 'SSH' };
      expect(await names({ ...inOneSlot, secrets_group_associations__secrets_group__name: 'two' })).toEqual([1, 'b']);
    });

    test('means by $user whoever lists', async () => {
      const users = [randomUUID(), randomUUID()];
      await database.run(async (transaction) => {
        for (const [i, id] of users.entries()) {
          await transaction.insert(userType, { ...standard(), id, username: `user ${i}` });
          await transaction.insert(tokenType, { ...standard(), user: id, key_hash: `hash ${i}` });
        }
      });
      const of = async (user: { id: string | undefined; name: string }) =>
        (await database.rows.list(tokenType, scoped(tokenType, { user: '$user' }, user))).rows.map(
          (token) => token.user,
        );
      expect(await of({ id: users[1], name: 'user 1' })).toEqual([users[1]]);
      expect(await of({ id: undefined, name: 'system' })).toEqual([]);
    });

    test('is decided in memory where more is asked than a statement can say', async () => {
      await save(secret('a', { path: 'x 499' }), secret('b', { path: 'y' }));
      const member = Object.fromEntries(
        ['no1', 'no2', 'no3', 'no4'].map((key) => [`parameters__${key}__isnull`, true]),
      );
      const wide = Array.from({ length: 100 }, () => ({ parameters__path__isnull: false, ...member }));
      expect(await names([...wide.slice(1), { parameters__path__endswith: '499', name: 'a' }])).toEqual([2, 'a', 'b']);
      const long = { name__in: Array.from({ length: 500 }, (_, i) => `no ${i}`) };
      expect(await names([...Array.from({ length: 90 }, () => long), { name: 'b' }])).toEqual([1, 'b']);
    });
  });

  describe('a regular expression', () => {
    const odd = { name__regex: '[13579]$' };
    /** Rows as a transaction would leave them, made by SQL in a moment. */
    const fill = async (count: number) => {
      const writer = await openAsking(place);
      const numbers = `WITH RECURSIVE "n"("i") AS (SELECT 0 UNION ALL SELECT "i" + 1 FROM "n" WHERE "i" < ${count - 1})`;
      const name = isPostgres ? `'s ' || lpad("i"::text, 5, '0')` : `printf('s %05d', "i")`;
      const json = isPostgres ? '::json' : '';
      await writer.query(
        `${numbers} INSERT INTO "secrets" ("id", "number", "created", "last_updated", "name", "name_folded", "slug",
        "description", "provider", "parameters")
        SELECT "i", "i", '${time}', '${time}', ${name}, ${name}, ${name}, '', '', ('{"path":"/' || ("i" % 2) || '"}')${json}
        FROM "n"`,
      );
      await writer.query(
        `INSERT INTO "secrets_parameters_leaves" ("owner_id", "path", "kind", "text", "folded", "number")
        SELECT "id", '["path"]', 'text', '/' || ("number" % 2), '', NULL FROM "secrets"`,
      );
      await writer.close();
    };

    test('is counted and paged exactly', async () => {
      await fill(1_203);
      expect(await names(odd, { limit: 2, offset: 300 })).toEqual([601, 's 00601', 's 00603']);
      expect(await names([odd, { name: 's 00000' }], { limit: 2 })).toEqual([602, 's 00000', 's 00001']);
      expect(await names({ ...odd, parameters__path: '/0' })).toEqual([0]);
    });

    test('is refused over too many rows, until its other conditions or an id leave fewer', async () => {
      await fill(10_001);
      await expect(names(odd)).rejects.toThrow(InvalidInput);
      await expect(names(odd)).rejects.toThrow('ask for them by id');
      expect((await names({ ...odd, parameters__path: '/1' }))[0]).toBe(5_000);
      const one = { filters: [{ field: 'slug', values: ['s 00001'] }] };
      expect(await names(odd, one)).toEqual([1, 's 00001']);
    }, 60_000);

    // The own rows fill the budget, so that the one outside decides between an answer and a refusal.
    test.each([
      ['of the row', [{ name__regex: '^s 0' }], 10_000],
      ['through a relation', [{ name__regex: '^s 00' }, { secrets_groups__name__regex: '.' }], 1_000],
    ])(
      '%s never lets a filter tell what a row outside holds',
      async (_what, json, budget) => {
        await fill(budget + 1);
        const outside = `s ${String(budget).padStart(5, '0')}`;
        const without = (name: string) =>
          names(json, { filters: [{ field: 'name', values: [name], negated: true }], limit: 1 }).then(
            ([count]) => count,
            ({ message }: Error) => message,
          );
        expect(await without(outside)).toBe(await without('nothing'));
        expect(await names(json, { filters: [{ field: 'name', values: [outside] }] })).toEqual([0]);
      },
      60_000,
    );
  });

  test('access records are listed by constraints without case, though nothing is kept folded for them', async () => {
    const log = await openAccessLog({ ...(await newPlace()), version: async () => 1 });
    const entry = Object.fromEntries(
      Object.keys(accessEntryType.fields)
        .filter((name) => name !== 'id' && name !== 'number')
        .map((name) => [name, null]),
    ) as unknown as NewAccessEntry;
    for (const user of ['Ann', 'BEN']) await log.append({ ...entry, time, duration_us: 1, user });
    const page = await log.rows.list(accessEntryType, scoped(accessEntryType, { user__istartswith: 'b' }));
    expect(page).toMatchObject({ count: 1, rows: [{ user: 'BEN' }] });
    await log.close();
  });
});
