import { parseTemplate, templateContext, TemplateRenderError, TemplateSyntaxError } from './index';
import { limits } from './limits';

/** A small generator of numbers below 1, the same for the same seed. */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

const obj = {
  name: 'core 01',
  slug: 'a-b',
  id: 7,
  ratio: 0.5,
  none: null,
  yes: true,
  tags: ['x', 'Y', 'x'],
  site: { slug: 'n', up: { a: [1, 2.5, '3'] } },
  emoji: 'a😀ß',
  '': 'empty',
};

const words = `obj name slug tags site up a id ratio none yes missing constructor __proto__ prototype true False None
  if else elif endif and or not in is defined for set raw 0 1 -1 2.5 1e9 99999999999999999999 'x' "Y" '' '😀' 'a-b'
  upper lower title replace split join length default round int float sort unique center truncate indent slugify reverse
  first last min max sum abs list trim urlencode startswith strip zfill odd even string mapping divisibleby eq
  . . . | | ( ) ( ) [ ] , : + - * / // % ~ == != < > <= >= = ** {{ }} {% %} {{- -}} {# #} \\ ' " \n`.split(/ +/);

describe('templates made at random', () => {
  // Half of the time would go into stack traces that nobody reads.
  const { stackTraceLimit } = Error;
  beforeAll(() => {
    Error.stackTraceLimit = 0;
  });
  afterAll(() => {
    Error.stackTraceLimit = stackTraceLimit;
  });

  const random = generator(20_260_301);
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;
  const times = <T>(most: number, make: () => T): T[] =>
    Array.from({ length: Math.floor(random() * (most + 1)) }, make);

  const leaves = [
    'obj.name',
    'obj.slug',
    'obj.id',
    'obj.ratio',
    'obj.none',
    'obj.tags',
    'obj.site.up.a',
    'obj.emoji',
    'obj.x',
  ];
  const literals = [
    '1',
    '-3',
    '2.5',
    "'a'",
    "'b-c'",
    'true',
    'none',
    '10',
    '1e300',
    '0',
    '7777777777777777777',
    "'😀x'",
  ];
  const filters =
    `upper lower title capitalize trim length reverse first last sort unique min max sum abs list string int
    float round round(2) round(-1,'floor') replace('a','bb') replace('','-') split('-') join join(',') center(9)
    truncate(3,true,'') indent(2,true) slugify urlencode wordcount default('d') d('',true) bettertitle safe`.split(
      /\s+/,
    );
  const methods =
    `upper() lower() title() capitalize() swapcase() strip() lstrip('a') rstrip() zfill(5) split() split('a',1)
    startswith('a') endswith(('a','b')) find('a') count('') removeprefix('a') removesuffix('b') replace('a','') ljust(4,'.')
    join(obj.tags) center(1000)`.split(/\s+/);
  const operators = ['+', '-', '*', '/', '//', '%', '~', '==', '!=', '<', '>=', 'in', 'not in', 'and', 'or'];
  const checks = [
    'odd',
    'even',
    'defined',
    'undefined',
    'none',
    'string',
    'number',
    'mapping',
    'eq(1)',
    'in obj.tags',
    'lt 3',
  ];

  function expression(depth: number): string {
    if (depth <= 0) return random() < 0.6 ? pick(leaves) : pick(literals);
    const inner = () => expression(depth - 1);
    return pick([
      () => `${inner()} ${pick(operators)} ${inner()}`,
      () => `(${inner()}) | ${pick(filters)}`,
      () => `(${inner()}).${pick(methods)}`,
      () => `(${inner()})[${inner()}]`,
      () => `(${inner()})[${times(1, inner).join()}:${times(1, inner).join()}${random() < 0.3 ? `:${inner()}` : ''}]`,
      () => `(${inner()} if ${inner()}${random() < 0.5 ? ` else ${inner()}` : ''})`,
      () => `[${times(3, inner).join(', ')}]`,
      () => `(${inner()}) is ${pick(['', 'not '])}${pick(checks)}`,
      () => `not ${inner()}`,
      () => `-${inner()}`,
      inner,
    ])();
  }

  const grammatical = () =>
    random() < 0.2
      ? `{% if ${expression(2)} %}{{ ${expression(2)} }}{% else %}${pick(['x', '{{ obj.id }}'])}{% endif %}`
      : `a{{ ${expression(1 + Math.floor(random() * 3))} }}`;
  const soup = () =>
    `{{ ${times(14, () => pick(words)).join(pick(['', ' ', ' ']))} }}${times(2, () => pick(words)).join('')}`;

  function mutated(template: string): string {
    const at = Math.floor(random() * template.length);
    return (
      template.slice(0, at) +
      pick([pick(words), '', template.slice(at, at + 9)]) +
      template.slice(at + Math.floor(random() * 3))
    );
  }

  it('end in a text or in one of the two errors, and leave no trace', () => {
    const context = templateContext(obj);
    const before = Reflect.ownKeys(Object.prototype).length;
    let longest = 0;
    const ends = { text: 0, syntax: 0, render: 0 };
    for (let i = 0; i < 20_000; i++) {
      const template = i % 4 === 0 ? soup() : i % 4 === 1 ? mutated(grammatical()) : grammatical();
      try {
        longest = Math.max(longest, parseTemplate(template).render(context).length);
        ends.text++;
      } catch (error) {
        if (error instanceof TemplateSyntaxError) ends.syntax++;
        else if (error instanceof TemplateRenderError) ends.render++;
        else throw new Error(`another error from ${JSON.stringify(template)}`, { cause: error });
      }
    }
    expect(longest).toBeLessThanOrEqual(limits.text);
    expect(Reflect.ownKeys(Object.prototype)).toHaveLength(before);
    // Each end is reached often, or the templates say nothing.
    expect(Math.min(ends.text, ends.syntax, ends.render)).toBeGreaterThan(2000);
  }, 120_000);
});
