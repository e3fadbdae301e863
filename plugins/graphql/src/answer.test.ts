import { collectionsOf } from '../../../host/src/collections/collections';
import { systemPrincipal } from '../../../host/src/domain/access';
import { associationType, secretsGroupType, secretType } from '../../../host/src/domain/secrets';
import { memoryServices, plainChoices } from '../../../test/support/http-host';
import { createAnswer } from './answer';

const id = (kind: number, index: number): string => `00000000-0000-4000-800${kind}-${String(index).padStart(12, '0')}`;
const numbers = (count: number): number[] => Array.from({ length: count }, (_, index) => index);
const slots = ['SSH', 'NETCONF', 'SNMP'];

/** A host with groups of three slots, one secret for each name of a slot, and what it counts of its lists. */
async function hostWith(groups: number, parameters: Readonly<Record<string, string>> = { variable: 'X' }) {
  const { unitOfWork, policy } = memoryServices();
  const time = { created: '2026-01-01T00:00:00.000Z', last_updated: '2026-01-01T00:00:00.000Z' };
  await unitOfWork.run(async (transaction) => {
    for (const i of numbers(slots.length)) {
      const named = { name: `secret ${i}`, slug: `secret-${i}`, provider: 'environment-variable' };
      await transaction.insert(secretType, { id: id(1, i), ...time, ...named, parameters });
    }
    for (const i of numbers(groups)) {
      await transaction.insert(secretsGroupType, { id: id(2, i), ...time, name: `group ${i}`, slug: `group-${i}` });
      for (const [j, slot] of slots.entries()) {
        const ends = { secrets_group: id(2, i), secret: id(1, j) };
        const row = { id: id(3, i * 10 + j), ...ends, access_type: slot, secret_type: 'password' };
        await transaction.insert(associationType, row);
      }
    }
  });
  const lists: string[] = [];
  const { rows } = unitOfWork;
  const counting: typeof rows = {
    types: rows.types,
    get: (type, by) => rows.get(type, by),
    list(type, query) {
      lists.push(type.name);
      return rows.list(type, query);
    },
  };
  const collections = collectionsOf({ definitions: counting, kept: rows, accessEntries: rows, choices: plainChoices });
  const answer = createAnswer({ collections, policy });
  return {
    lists,
    async ask(body: unknown) {
      const { status, content } = await answer({ body, principal: systemPrincipal } as Parameters<typeof answer>[0]);
      // oxlint-disable-next-line typescript/no-explicit-any -- a test looks into whatever came
      return { status, body: JSON.parse(content?.text ?? '') as { data?: any; errors?: { message: string }[] } };
    },
  };
}

const whole =
  '{ secrets_groups { name secrets { name } secrets_group_associations { access_type secret { name secrets_groups { name } } } } }';

test('what rows refer to is read in one list a level, however many rows there are', async () => {
  const few = await hostWith(2);
  const many = await hostWith(60);
  const { body } = await few.ask({ query: whole });
  expect(body.data.secrets_groups[1]).toMatchObject({
    name: 'group 1',
    secrets: ['NETCONF', 'SNMP', 'SSH'].map((slot) => ({ name: `secret ${slots.indexOf(slot)}` })),
  });
  expect(body.data.secrets_groups[0].secrets_group_associations[0].secret.secrets_groups).toHaveLength(2);
  expect((await many.ask({ query: whole })).status).toBe(200);
  expect(many.lists.toSorted()).toEqual(few.lists.toSorted());
  expect(few.lists.toSorted()).toEqual([
    'extras.secret',
    'extras.secretsgroup',
    'extras.secretsgroup',
    'extras.secretsgroupassociation',
    'extras.secretsgroupassociation',
  ]);
});

test('rows times fields are counted before a field is shown, and no part of an answer is given past the limit', async () => {
  const { ask } = await hostWith(200);
  const level = 'secrets { secrets_groups { name';
  const query = `{ secrets_groups { ${level} ${level} } } } } } }`;
  const { status, body } = await ask({ query });
  expect([status, body]).toEqual([
    400,
    {
      errors: [
        { message: expect.stringContaining('The query asks for too much: at most 50,000 rows and fields of rows') },
      ],
    },
  ]);
});

test('a long value that many rows show is counted for each', async () => {
  const query = '{ secrets_group_associations { secret { parameters } } }';
  const { ask } = await hostWith(60, { variable: 'x'.repeat(60_000) });
  expect((await ask({ query })).body).toEqual({ errors: [{ message: expect.stringContaining('too much') }] });
  const short = await hostWith(60);
  expect((await short.ask({ query })).status).toBe(200);
});

test('a list takes so many values of filters, and all lists of a query share the cost of theirs', async () => {
  const { ask, lists } = await hostWith(1);
  const asked = (aliases: number, values: number) => ({
    query: `query ($n: [String]) { ${numbers(aliases).map((i) => `a${i}: secrets(name: $n) { name }`)} }`,
    variables: { n: numbers(values).map(String) },
  });
  const many = await ask(asked(1, 501));
  expect([many.status, many.body.errors?.[0]?.message]).toEqual([200, expect.stringContaining('at most 500 values')]);
  expect((await ask(asked(9, 500))).body.errors).toBeUndefined();
  lists.length = 0;
  const tooMuch = await ask(asked(11, 500));
  expect([tooMuch.status, tooMuch.body.errors?.[0]?.message]).toEqual([400, expect.stringContaining('too much')]);
  expect(lists.length).toBeLessThan(11);
});

test('a list without a limit is whole or is refused; with one it is paged', async () => {
  const { ask } = await hostWith(334);
  const refused = await ask({ query: '{ secrets_group_associations { id } }' });
  expect(refused.body.errors?.[0]?.message).toBe(
    "There are 1002 rows, and a list gives 1000: use 'limit' and 'offset'.",
  );
  const rest = await ask({ query: '{ secrets_group_associations(offset: 2) { id } }' });
  expect(rest.body.data.secrets_group_associations).toHaveLength(1000);
  const page = await ask({ query: '{ secrets_group_associations(limit: 1000, offset: 1000) { id } }' });
  expect(page.body.data.secrets_group_associations).toHaveLength(2);
  for (const [asked, message] of [
    ['limit: 1001', "Argument 'limit' is at most 1000; the rest is had with 'offset'."],
    ['limit: -1', "Argument 'limit' is not to be negative."],
    ['offset: -1', "Argument 'offset' is not to be negative."],
  ])
    expect((await ask({ query: `{ secrets_groups(${asked}) { id } }` })).body.errors?.[0]?.message).toBe(message);
});

test.each([
  ['no body', undefined, 'Must provide query string.'],
  ['a batch', [{ query: '{ secrets { name } }' }], 'Batch GraphQL requests are not enabled.'],
  ['a query that is no text', { query: 7 }, 'The query must be a text.'],
  ['variables that are a list', { query: '{ secrets { name } }', variables: [1] }, 'Variables are invalid JSON.'],
  ['a name that is no text', { query: '{ secrets { name } }', operationName: {} }, 'The operationName must be a text.'],
  [
    'a name that no operation has',
    { query: '{ secrets { name } }', operationName: 'x' },
    'Unable to detect operation AST',
  ],
  [
    'a long query',
    { query: `{ secrets { name } } #${'x'.repeat(20_000)}` },
    'The query is too long: at most 20,000 characters.',
  ],
  ['a query of brackets', { query: '[ '.repeat(5000) }, expect.stringMatching(/^Syntax Error/)],
  [
    'a query of many words',
    { query: `{ secrets(name: [${'1,'.repeat(5000)}]) { name } }` },
    expect.stringMatching(/4000 tokens/),
  ],
  ['a broken query', { query: '{ secrets { name ' }, 'Syntax Error: Expected Name, found <EOF>.'],
  [
    'a variable that is missing',
    { query: 'query ($n: [String!]!) { secrets(name: $n) { name } }' },
    expect.stringContaining("Variable '$n'"),
  ],
  [
    'a subscription',
    { query: 'subscription { secrets { name } }' },
    expect.stringContaining('OperationType.SUBSCRIPTION'),
  ],
])('%s is 400', async (_, given, message) => {
  const { ask } = await hostWith(1);
  const { status, body } = await ask(given);
  expect([status, body.errors?.[0]?.message, body.data]).toEqual([400, message, undefined]);
});

test('a fault of the host is no part of an answer', async () => {
  const { unitOfWork, policy } = memoryServices();
  const { rows } = unitOfWork;
  const broken = { ...rows, types: rows.types, list: () => Promise.reject(new Error('SELECT of something')) };
  const collections = collectionsOf({
    definitions: broken as never,
    kept: rows,
    accessEntries: rows,
    choices: plainChoices,
  });
  const answer = createAnswer({ collections, policy });
  const request = { body: { query: '{ secrets { name } }' }, principal: systemPrincipal };
  await expect(answer(request as Parameters<typeof answer>[0])).rejects.toThrow('SELECT of something');
});
