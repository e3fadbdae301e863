import { getIntrospectionQuery, parse } from 'graphql';
import { Budget } from './budget';
import { limitFault, limits } from './limits';

const faultOf = (query: string): string | undefined => limitFault(parse(query))?.message;
const repeated = (count: number, text: (index: number) => string): string =>
  Array.from({ length: count }, (_, index) => text(index)).join(' ');
/** So many levels deep. */
const nested = (depth: number): string => `${'{ x '.repeat(depth)}${'}'.repeat(depth)}`;

test('a query in a circle is refused by its depth, also through fragments', () => {
  expect(faultOf(nested(limits.depth))).toBeUndefined();
  expect(faultOf(nested(limits.depth + 1))).toBe('The query is nested too deep: at most 10 levels.');
  const parts = `fragment a on A { x { ...b } } fragment b on A { y { ...c } } fragment c on A ${nested(limits.depth - 2)}`;
  expect(faultOf(`{ q { ...a } } ${parts}`)).toBe('The query is nested too deep: at most 10 levels.');
});

test('a thousand aliases are refused, wherever they are', () => {
  const aliased = (count: number) => repeated(count, (index) => `a${index}: secrets { name }`);
  expect(faultOf(`{ ${aliased(limits.aliases)} }`)).toBeUndefined();
  expect(faultOf(`{ ${aliased(limits.aliases + 1)} }`)).toBe('The query has too many aliases: at most 30 aliases.');
  expect(faultOf(`{ ${aliased(1000)} }`)).toMatch(/too many/);
  expect(faultOf(`{ ...a ...b } fragment a on Query { ${aliased(16)} } fragment b on Query { ...a }`)).toMatch(
    /aliases/,
  );
});

test('the fields of a fragment count wherever it is spread, so that fragments cannot multiply', () => {
  expect(faultOf(`{ ${repeated(limits.fields, () => 'name')} }`)).toBeUndefined();
  expect(faultOf(`{ ${repeated(limits.fields + 1, () => 'name')} }`)).toMatch(/at most 1,000 fields/);
  const doubling = repeated(40, (index) => `fragment f${index} on Query { ...f${index + 1} ...f${index + 1} }`);
  expect(faultOf(`{ ...f0 } ${doubling} fragment f40 on Query { name }`)).toMatch(/too many fields/);
});

test('a fragment that contains itself ends', () => {
  expect(faultOf('{ ...a } fragment a on Query { ...b } fragment b on Query { ...a }')).toMatch(/too many fields/);
});

test('every operation of a document is looked at, not the first alone', () => {
  expect(faultOf(`query a { name } query b ${nested(limits.depth + 1)}`)).toMatch(/too deep/);
});

test('what tools ask of the schema is answered, and lists of the schema in themselves are not', () => {
  expect(faultOf(getIntrospectionQuery())).toBeUndefined();
  expect(faultOf('{ __schema { types { fields { type { fields { name } } } } } }')).toBe(
    'The schema is not told with "fields" inside "fields".',
  );
});

test('a budget says when it is spent, and stays so', () => {
  const budget = new Budget();
  budget.spend(limits.cost);
  expect([budget.exceeded, budget.spend(1), budget.spend(0), budget.exceeded]).toEqual([false, false, false, true]);
  expect(budget.fault().message).toMatch(/asks for too much: at most 50,000/);
});

test('a long value costs for every row that shows it', () => {
  const parameters = { path: 'x'.repeat(64_000) };
  for (const value of [parameters, parameters.path]) {
    const budget = new Budget();
    for (let i = 0; i < 40; i++) budget.charge(value);
    expect(budget.exceeded).toBe(false);
    for (let i = 0; i < 20; i++) budget.charge(value);
    expect(budget.exceeded).toBe(true);
  }
});
