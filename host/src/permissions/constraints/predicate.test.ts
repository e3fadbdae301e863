import { RE2JS } from 're2js';
import type { AnyRow } from '../../domain/descriptor';
import { associationType, secretType } from '../../domain/secrets';
import { definitionTypes } from '../../domain/types';
import { drawFrom, randomConstraint, randomSecretFields, type Draw } from '../../../../test/support/random-constraints';
import { matchContext } from './conditions';
import { parseConstraints } from './parse';
import { compilePredicate, type RelatedRow, type RelatedRows } from './predicate';

const types = (name: string) => definitionTypes.find((type) => type.name === name);
const context = matchContext({ id: undefined, name: 'ann' });
const predicate = (json: unknown, type = secretType as Parameters<typeof parseConstraints>[1]) => {
  const parsed = parseConstraints(json, type, types);
  if ('faults' in parsed || !parsed.constraint) throw new Error(`${JSON.stringify(json)}: ${JSON.stringify(parsed)}`);
  return compilePredicate(parsed.constraint, type, types);
};
const row = (fields: object): AnyRow => ({ id: 'a', ...fields });
const far = (fields: object, related?: RelatedRows): RelatedRow => ({ row: row(fields), ...(related && { related }) });

describe('lookups through a relation', () => {
  const secret = row({ name: 'a secret' });
  const groups = (...names: string[]) => ({ secrets_groups: names.map((name) => far({ name, slug: `${name}-slug` })) });

  test.each<[object, string[], boolean]>([
    [{ secrets_groups__name: 'a' }, ['b', 'a'], true],
    [{ secrets_groups__name: 'a' }, ['b'], false],
    [{ secrets_groups__name: 'a' }, [], false],
    // One related row must meet them all.
    [{ secrets_groups__name: 'a', secrets_groups__slug: 'a-slug' }, ['a', 'b'], true],
    [{ secrets_groups__name: 'a', secrets_groups__slug: 'b-slug' }, ['a', 'b'], false],
    // Without a related row, what it would hold is null.
    [{ secrets_groups__isnull: true }, [], true],
    [{ secrets_groups__isnull: true }, ['a'], false],
    [{ secrets_groups__isnull: false }, ['a'], true],
    [{ secrets_groups__isnull: false }, [], false],
    [{ secrets_groups__name__isnull: true }, [], true],
    [{ secrets_groups__name__isnull: true, secrets_groups__name: 'a' }, [], false],
    [{ secrets_groups__name__startswith: '' }, [], false],
    [{ name: 'a secret', secrets_groups__name: 'a' }, ['a'], true],
    [{ name: 'another', secrets_groups__name: 'a' }, ['a'], false],
  ])('%j with groups %j: %s', (json, names, expected) => {
    expect(predicate(json).matches(secret, context, groups(...names))).toBe(expected);
  });

  test('two members of a list may be met by two related rows', () => {
    const either = predicate([{ secrets_groups__name: 'x' }, { secrets_groups__slug: 'b-slug' }]);
    expect(either.matches(secret, context, groups('a', 'b'))).toBe(true);
  });

  test('two relations deep, the rows meet along one way', () => {
    const json = { secrets_groups__name: 'a', secrets_groups__secrets_group_associations__access_type: 'SSH' };
    const way = (name: string, ...slots: string[]) =>
      far({ name }, { secrets_group_associations: slots.map((access_type) => far({ access_type })) });
    const { matches, relations } = predicate(json);
    expect(relations).toEqual([['secrets_groups'], ['secrets_groups', 'secrets_group_associations']]);
    expect(matches(secret, context, { secrets_groups: [way('a', 'HTTP', 'SSH'), way('b')] })).toBe(true);
    expect(matches(secret, context, { secrets_groups: [way('a', 'HTTP'), way('b', 'SSH')] })).toBe(false);
    expect(matches(secret, context, { secrets_groups: [] })).toBe(false);
  });

  test('a relation whose rows were not given is an error, even where none at all would do', () => {
    const none = predicate({ secrets_groups__isnull: true });
    expect(() => none.matches(secret, context)).toThrow('related rows of "secrets_groups"');
    expect(() => none.matches(secret, context, {})).toThrow(TypeError);
    expect(() => none.matches(secret, context, Object.create({ secrets_groups: [] }) as never)).toThrow('related rows');
  });

  test('a reference leads to one row, or none', () => {
    const json = { secret__name__startswith: 'a' };
    const { matches, relations } = predicate(json, associationType);
    expect(relations).toEqual([['secret']]);
    expect(matches(row({ secret: 'x' }), context, { secret: [far({ name: 'abc' })] })).toBe(true);
    expect(matches(row({ secret: 'x' }), context, { secret: [far({ name: 'bcd' })] })).toBe(false);
  });
});

test('a constraint on one type is never asked about another', () => {
  const parsed = parseConstraints({ name: 'a' }, secretType, types);
  if ('faults' in parsed || !parsed.constraint) throw new Error('no constraint');
  const { constraint } = parsed;
  expect(() => compilePredicate(constraint, associationType, types)).toThrow('extras.secret');
});

test('a clause made past the grammar cannot name a secret field', () => {
  const user = types('users.user');
  if (!user) throw new Error('no users');
  const clause = { field: 'password', keys: [], lookup: 'startswith', values: ['a'], text: 'password' } as const;
  const constraint = { type: user.name, any: [{ clauses: [clause], related: [] }] };
  expect(() => compilePredicate(constraint, user, types)).toThrow('no field "password"');
});

test('the clauses that failed are told for each alternative', () => {
  const { failures } = predicate([
    { name: 'a', provider__startswith: 'text', parameters__path__startswith: '/opt' },
    { secrets_groups__name: 'x', secrets_groups__slug: 'b-slug', name: 'b' },
    { secrets_groups__name: 'a', secrets_groups__slug: 'b-slug', name: 'b' },
    { name: 'b' },
  ]);
  const secret = row({ name: 'b', provider: 'text-file', parameters: { path: '/etc' } });
  const related = { secrets_groups: ['a', 'b'].map((name) => far({ name, slug: `${name}-slug` })) };
  expect(failures(secret, context, related)).toEqual([
    ['name', 'parameters__path__startswith'],
    ['secrets_groups__name'],
    ['secrets_groups__name', 'secrets_groups__slug'],
    [],
  ]);
});

test('a text is folded once in a decision, with the same result', () => {
  const { fold } = matchContext({ id: undefined, name: '' });
  for (const text of ['İ', 'ß', 'İ', 'a', 'ß', 'a']) expect(fold(text)).toBe(text.toUpperCase().toLowerCase());
});

/** Says what a constraint means by walking it anew: joins as a database makes them, texts as lists of characters. */
function meaning(json: unknown, secret: AnyRow, related: RelatedRows): boolean {
  const members = (Array.isArray(json) ? json : [json]) as Readonly<Record<string, unknown>>[];
  const groups = related.secrets_groups?.length ? related.secrets_groups : [undefined];
  const joined = groups.flatMap((group) => {
    const secrets = group?.related?.secrets ?? [];
    return secrets.length > 0
      ? secrets.map((one) => ({ group: group?.row, inner: one.row as AnyRow | undefined }))
      : [{ group: group?.row, inner: undefined }];
  });
  return members.some((member) =>
    joined.some(({ group, inner }) =>
      Object.entries(member).every(([key, value]) => {
        if (key.startsWith('secrets_groups__secrets__')) return holds(key.slice(25), value, inner);
        return key.startsWith('secrets_groups__') ? holds(key.slice(16), value, group) : holds(key, value, secret);
      }),
    ),
  );
}

const words = 'exact iexact contains icontains startswith istartswith endswith iendswith in gt gte lt lte range isnull';
const lookupWords = new Set([...words.split(' '), 'regex', 'iregex']);

function holds(key: string, value: unknown, from: AnyRow | undefined): boolean {
  const way = key.split('__');
  const lookup = way.length > 1 && lookupWords.has(way.at(-1) ?? '') ? (way.pop() ?? '') : 'exact';
  let leaf: unknown = from;
  for (const word of way) {
    const inside = Array.isArray(leaf) || typeof leaf !== 'object' || leaf === null ? [] : Object.entries(leaf);
    leaf = inside.find(([name]) => name === word)?.[1];
  }
  if (lookup === 'isnull') return (leaf === undefined) === value;
  if (lookup === 'in') return (value as unknown[]).some((one) => holds(key.replace(/__in$/, '__exact'), one, from));
  if (lookup === 'range') {
    const [low, high] = value as unknown[];
    return holds(key.replace(/__range$/, '__gte'), low, from) && holds(key.replace(/__range$/, '__lte'), high, from);
  }
  const wanted = value === '$user' ? 'ann' : value;
  if (leaf === null || typeof leaf !== 'string' || typeof wanted !== 'string') {
    if (lookup === 'exact') return leaf !== undefined && leaf === wanted;
    if (typeof leaf !== 'number' || typeof wanted !== 'number') return false;
    return { gt: leaf > wanted, gte: leaf >= wanted, lt: leaf < wanted, lte: leaf <= wanted }[lookup] ?? false;
  }
  if (lookup.endsWith('regex')) {
    return RE2JS.compile(wanted, lookup === 'iregex' ? RE2JS.CASE_INSENSITIVE : 0)
      .matcher(leaf)
      .find();
  }
  const folds = lookup.startsWith('i') && lookup !== 'in';
  const [a, b] = [leaf, wanted].map((text) => Array.from(folds ? text.toUpperCase().toLowerCase() : text)) as [
    string[],
    string[],
  ];
  const order = Buffer.compare(Buffer.from(leaf), Buffer.from(wanted));
  const at = (start: number) => start >= 0 && b.every((character, i) => a[start + i] === character);
  const answers: Readonly<Record<string, () => boolean>> = {
    exact: () => a.length === b.length && at(0),
    startswith: () => at(0),
    endswith: () => at(a.length - b.length),
    contains: () => Array.from({ length: a.length + 1 }, (_, i) => i).some(at),
    gt: () => order > 0,
    gte: () => order >= 0,
    lt: () => order < 0,
    lte: () => order <= 0,
  };
  return answers[folds ? lookup.slice(1) : lookup]?.() ?? false;
}

function randomRelated(draw: Draw): RelatedRows {
  const secrets = (): RelatedRow[] => Array.from({ length: draw(3) }, () => far(randomSecretFields(draw)));
  return {
    secrets_groups: Array.from({ length: draw(3) }, () => far(randomSecretFields(draw), { secrets: secrets() })),
  };
}

test('four thousand random constraints on random rows mean what a second reading says', () => {
  const draw = drawFrom(2026);
  const seen = { true: 0, false: 0 };
  for (let i = 0; i < 4000; i++) {
    const json = randomConstraint(draw, { relations: true });
    const secret = row(randomSecretFields(draw));
    const related = randomRelated(draw);
    const one = predicate(json);
    const answer = one.matches(secret, context, related);
    if (answer !== meaning(json, secret, related))
      throw new Error(JSON.stringify({ i, json, secret, related, answer }));
    if (answer !== one.failures(secret, context, related).some((failed) => failed.length === 0)) {
      throw new Error(`the failures say something else: ${JSON.stringify({ i, json, secret, related })}`);
    }
    seen[`${answer}`]++;
  }
  expect(Math.min(seen.true, seen.false)).toBeGreaterThan(500);
});
