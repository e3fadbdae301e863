import { parseTemplate, templateContext, TemplateSyntaxError } from '../../core/src/templates';
import { filters } from '../../core/src/templates/library/filters';
import { methods } from '../../core/src/templates/library/methods';
import type { Formal } from '../../core/src/templates/library/signature';
import { tests } from '../../core/src/templates/library/tests';
import { limits } from '../../core/src/templates/limits';
import { Float, type Value } from '../../core/src/templates/python/values';
import { codeIn, readPage, tableUnder } from './page';

const page = readPage('docs/reference/templates.md');
const [, json = ''] = /```json\n(.*?)```/s.exec(page) ?? [];
const context = templateContext(JSON.parse(json));
const render = (template: string) => parseTemplate(template).render(context);

const literal = (value: Value): string => {
  if (value === null) return 'none';
  if (value instanceof Float) return value.value.toFixed(1);
  return typeof value === 'string' ? `'${value}'` : String(value);
};
const signature = (formals: readonly Formal[]) =>
  formals.map(([name, ifMissing]) => (ifMissing === undefined ? name : `${name}=${literal(ifMissing)}`)).join(', ');

/** What looks at whether its operand is there is no row of a table: it is part of the evaluator. */
const fallback: readonly Formal[] = [
  ['default_value', ''],
  ['boolean', false],
];
const beside: Readonly<Record<string, ReadonlyMap<string, readonly Formal[]>>> = {
  Filters: new Map([
    ['default', fallback],
    ['d', fallback],
  ]),
  Tests: new Map([
    ['defined', []],
    ['undefined', []],
  ]),
};

test.each([
  ['Filters', filters],
  ['Tests', tests],
  ['String methods', methods],
] as const)('%s are those of the language, with their arguments, both ways', (heading, table) => {
  const known = [...table].map(([name, { formals }]) => [name, formals] as const);
  const expected = [...known, ...(beside[heading] ?? [])].map(([name, formals]) => [name, signature(formals)]);
  const written = tableUnder(page, heading).map(([name, formals]) => [codeIn(name), codeIn(formals)]);
  expect(written.toSorted()).toEqual(expected.toSorted());
});

const examples = [
  ...tableUnder(page, "The templates of Nautobot's documentation"),
  ...tableUnder(page, 'What is allowed').map((row) => row.slice(1)),
  ...['Filters', 'Tests', 'String methods'].flatMap((heading) => tableUnder(page, heading).map((row) => row.slice(2))),
].map(([template, text]) => [codeIn(template), codeIn(text)] as const);

test.each(examples)('%s gives %s', (template, text) => {
  expect(render(template)).toBe(text);
});

test('each example uses what its row is about', () => {
  const rows = ['Filters', 'Tests', 'String methods'].flatMap((heading) => tableUnder(page, heading));
  const strays = rows.filter(([name, , example]) => !new RegExp(String.raw`\b${codeIn(name)}\b`).test(codeIn(example)));
  expect(rows.length).toBeGreaterThan(70);
  expect(strays).toEqual([]);
});

const refused = tableUnder(page, 'What is refused').map(
  ([template, when, message]) => [codeIn(template), when ?? '', codeIn(message)] as const,
);

test.each(refused)('%s is refused at the %s: %s', (template, when, message) => {
  const read = (): string => {
    try {
      return `gave ${render(template)}`;
    } catch (error) {
      return `${error instanceof TemplateSyntaxError ? 'save' : 'read'}: ${(error as Error).message}`;
    }
  };
  expect(read()).toBe(`${when}: ${message}`);
});

test('without an object every template that names it fails', () => {
  expect(() => parseTemplate("{{ obj.name | default('x') }}").render(templateContext(undefined))).toThrow(
    'obj is undefined',
  );
});

test('the limits are those of the language', () => {
  const { source, depth, nodes, steps, text, bits, digits, values, levels, cached } = limits;
  const written = tableUnder(page, 'Limits').map(([, most]) => Number(most));
  expect(written).toEqual([source, depth, nodes, steps, text, bits, digits, values, levels, cached]);
  expect(written).toHaveLength(Object.keys(limits).length);
});
