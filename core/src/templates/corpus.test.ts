import { isTemplate, parseTemplate, templateContext, TemplateRenderError, TemplateSyntaxError } from './index';

const marker = "('return process')()";
const context = templateContext({
  slug: 'core-rtr-01',
  name: 'Core',
  tags: ['a', 'b'],
  site: { slug: 'nyc' },
  nested: [[1]],
  method: () => 'called',
  get secret() {
    return 'read by a getter';
  },
});
const render = (template: string) => parseTemplate(template).render(context);

type Row = readonly [payload: string, kind: 'syntax' | 'render', neighbour: string, text: string];

// Each payload beside a template that looks like it and is of use: a language that refuses everything fails here too.
const corpus: Readonly<Record<string, readonly Row[]>> = {
  'constructor chains': [
    [`{{ obj.constructor.constructor${marker} }}`, 'syntax', '{{ obj.site.slug }}', 'nyc'],
    [`{{ range.constructor${marker} }}`, 'syntax', "{{ range | default('none') }}", 'none'],
    [`{{ cycler(1).next.constructor${marker} }}`, 'syntax', "{{ 'x'.upper() }}", 'X'],
    [`{{ joiner().constructor${marker} }}`, 'syntax', "{{ ','.join(obj.tags) }}", 'a,b'],
    [`{{ ''.constructor.constructor${marker} }}`, 'syntax', "{{ ''.upper() }}", ''],
    [`{{ [].constructor.constructor${marker} }}`, 'syntax', '{{ [1][0] }}', '1'],
    [`{{ ({}).constructor.constructor${marker} }}`, 'syntax', '{{ (1) }}', '1'],
    [`{{ (1).constructor.constructor${marker} }}`, 'syntax', "{{ (1 ~ '').zfill(2) }}", '01'],
    [`{{ true.constructor.constructor${marker} }}`, 'syntax', '{{ true }}', 'True'],
    [`{{ obj['con'+'structor']['con'~'structor']${marker} }}`, 'syntax', "{{ obj['na'~'me'] }}", 'Core'],
    ["{{ obj['con'+'structor']['con'~'structor'] }}", 'render', "{{ obj['si'+'te']['sl'~'ug'] }}", 'nyc'],
    ["{{ obj[['constructor']] }}", 'render', '{{ obj.nested[0][0] }}', '1'],
    ["{{ obj['rotcurtsnoc' | reverse] }}", 'render', "{{ obj['eman' | reverse] }}", 'Core'],
    ["{{ obj[['con', 'structor'] | join] }}", 'render', "{{ obj[['na', 'me'] | join] }}", 'Core'],
    ["{{ obj['coXnstructor' | replace('X', '')] }}", 'render', "{{ obj['naXme' | replace('X', '')] }}", 'Core'],
    ["{{ obj['\\u0063onstructor'] }}", 'syntax', "{{ obj['\\u006eame'] }}", 'Core'],
    ['{{ obj.con{# #}structor }}', 'syntax', '{# #}{{ obj.name }}', 'Core'],
    [`{{ constructor.constructor${marker} }}`, 'syntax', '{{ obj.name }}', 'Core'],
    [`{{ toString.constructor${marker} }}`, 'syntax', '{{ obj.name | string }}', 'Core'],
    ['{{ toString }}', 'render', "{{ toString | default('-') }}", '-'],
    ['{{ obj.toString }}', 'render', '{{ obj.toString is defined }}', 'False'],
    [`{{ obj.__proto__.constructor.constructor${marker} }}`, 'syntax', "{{ obj['site'].slug }}", 'nyc'],
    ["{{ obj['__proto__'] }}", 'syntax', "{{ obj['slug'] }}", 'core-rtr-01'],
    ["{{ obj['__pro'~'to__'] }}", 'render', "{{ obj['sl'~'ug'] }}", 'core-rtr-01'],
    [`{{ obj.slug.replace.constructor${marker} }}`, 'syntax', "{{ obj.slug.replace('-', '') }}", 'corertr01'],
    ['{{ obj.slug.replace }}', 'render', "{{ obj.slug.replace('core', 'edge') }}", 'edge-rtr-01'],
    [`{{ obj.tags.map.constructor${marker} }}`, 'syntax', '{{ obj.tags[0] }}', 'a'],
    ['{{ obj.tags.length }}', 'render', '{{ obj.tags | length }}', '2'],
    [
      `{{ (obj.slug|upper).constructor.constructor${marker} }}`,
      'syntax',
      '{{ (obj.slug|upper).lower() }}',
      'core-rtr-01',
    ],
    [
      `{% set f = obj.constructor.constructor %}{{ f${marker} }}`,
      'syntax',
      '{% if obj.name %}{{ obj.name }}{% endif %}',
      'Core',
    ],
    [`{% macro m() %}x{% endmacro %}{{ m.constructor${marker} }}`, 'syntax', '{% if false %}x{% endif %}', ''],
    [`{% call m() %}{{ caller.constructor${marker} }}{% endcall %}`, 'syntax', '{# call #}', ''],
    [
      `{% for k in [obj.constructor] %}{{ loop.constructor${marker} }}{% endfor %}`,
      'syntax',
      '{{ obj.tags | join }}',
      'ab',
    ],
    ['{{ r/x/.constructor }}', 'syntax', '{{ 4/2 }}', '2.0'],
  ],
  'filter and test names': [
    ['{{ (1|valueOf).env.globals }}', 'syntax', '{{ 1|string }}', '1'],
    ['{{ obj.slug|constructor }}', 'syntax', '{{ obj.slug|capitalize }}', 'Core-rtr-01'],
    ['{{ obj.slug|toString }}', 'syntax', '{{ obj.slug|string }}', 'core-rtr-01'],
    ["{{ 'x'|__defineGetter__(range) }}", 'syntax', "{{ 'x'|default('y') }}", 'x'],
    ['{{ obj is constructor }}', 'syntax', '{{ obj is mapping }}', 'True'],
    ["{{ 'ctx' is hasOwnProperty }}", 'syntax', "{{ 'ctx' is string }}", 'True'],
    ['{{ obj.slug.hasOwnProperty("x") }}', 'syntax', "{{ obj.slug.startswith('core') }}", 'True'],
    ["{{ 'SECRET_KEY' | settings_or_config }}", 'syntax', "{{ 'SECRET_KEY' | lower }}", 'secret_key'],
    ['{{ obj.tags | attr("constructor") }}', 'syntax', '{{ obj.tags | first }}', 'a'],
  ],
  'attributes named in arguments': [
    ["{{ [obj]|join(',', 'constructor') }}", 'render', "{{ [obj]|join(',', 'name') }}", 'Core'],
    ["{{ [obj]|join(',', '__proto__.constructor') }}", 'render', "{{ [obj]|join(',', 'site.slug') }}", 'nyc'],
    ["{{ [obj]|sum('secret') }}", 'render', "{{ [[1],[2]]|sum('0') }}", '3'],
    ["{{ [obj]|groupby('constructor')|dump }}", 'syntax', "{{ [obj]|unique(attribute='name')|length }}", '1'],
    [
      "{{ [obj,obj]|sort(false,false,'__proto__.secret')|length }}",
      'render',
      "{{ [obj,obj]|sort(false,false,'name')|length }}",
      '2',
    ],
    ["{{ obj.tags|sort(constructor='x') }}", 'syntax', '{{ obj.tags|sort(reverse=true)|join }}', 'ba'],
    ["{{ [obj]|selectattr('constructor') }}", 'syntax', "{{ [obj]|max(attribute='name') is mapping }}", 'True'],
  ],
  'reach into the object': [
    ['{{ obj.secret }}', 'render', "{{ obj.secret | default('none') }}", 'none'],
    ['{{ obj.method() }}', 'syntax', '{{ obj.name.lower() }}', 'core'],
    ['{{ obj.method }}', 'render', '{{ obj.method is undefined }}', 'True'],
    ['{{ obj|dump }}', 'syntax', '{{ obj.name|upper }}', 'CORE'],
    ['{{ obj }}', 'render', '{{ obj | length }}', '5'],
    ["{{ obj.tags.push('x') }}", 'syntax', "{{ 'x' in obj.tags }}", 'False'],
    ['{{ obj.site.slug.at(0) }}', 'syntax', '{{ obj.site.slug[0] }}', 'n'],
    ['{{ obj.constructor.assign(obj, {a: 1}) }}', 'syntax', '{{ obj.site == obj.site }}', 'True'],
    ['{{ {"__proto__": {"a": 1}}.a }}', 'syntax', "{{ 'slug' in obj.site }}", 'True'],
    ['{% set __proto__ = {} %}', 'syntax', '{{ obj.name }}', 'Core'],
  ],
  'code in names': [
    ['{{ a"&&Function`globalThis\\x2epwn\\x3d1```&&" }}', 'syntax', "{{ 'a' and 'b' }}", 'b'],
    ['{{ 1|a"&&Function`globalThis\\x2epwn\\x3d1```&&" }}', 'syntax', '{{ 1|abs }}', '1'],
    ['{{ 1 is a"&&Function`globalThis\\x2epwn\\x3d1```&&" }}', 'syntax', '{{ 1 is odd }}', 'True'],
    ['{% set a"&&Function`x```&&" = 1 %}', 'syntax', "{{ 'set' }}", 'set'],
    ["{{ obj['A\\\\\",context,[globalThis.pwn=1])),false);//']() }}", 'syntax', "{{ obj['name'] }}", 'Core'],
    ['{{ obj.a-b`c` }}', 'syntax', '{{ 3-2 }}', '1'],
    ['{{ obj.ｎame }}', 'syntax', '{{ obj.name }}', 'Core'],
  ],
  'files and other templates': [
    ['{% include "../views-private/leak.txt" %}', 'syntax', "{{ 'include' }}", 'include'],
    ['{% include obj.name %}', 'syntax', '{{ obj.name }}', 'Core'],
    ['{% extends "x" %}', 'syntax', '{# extends #}', ''],
    ['{% import "x" as y %}', 'syntax', "{{ 'import' }}", 'import'],
    ['{% from "x" import y %}', 'syntax', "{{ 'from' }}", 'from'],
    ['{% block b %}{% endblock %}', 'syntax', '{% if true %}{% endif %}', ''],
    ['{% raw %}{{ obj }}{% endraw %}', 'syntax', "{{ '{{ obj }}' }}", '{{ obj }}'],
    ['{% verbatim %}x{% endverbatim %}', 'syntax', 'x', 'x'],
    ['{% filter upper %}x{% endfilter %}', 'syntax', "{{ 'x' | upper }}", 'X'],
    ['{% do obj.name %}', 'syntax', '{{ obj.name }}', 'Core'],
    ['{% switch 1 %}{% case 1 %}{% endswitch %}', 'syntax', '{% if 1 %}a{% else %}b{% endif %}', 'a'],
    ['{% ifAsync 1 %}{% endif %}', 'syntax', '{% if 1 %}{% endif %}', ''],
    ['{% asyncEach i in obj.tags %}{% endeach %}', 'syntax', "{{ obj.tags|join('-') }}", 'a-b'],
  ],
  'what is not allowed in a branch that is never taken': [
    [
      '{% if false %}{% for i in obj.tags %}{% endfor %}{% endif %}',
      'syntax',
      '{% if false %}{{ obj.missing }}{% endif %}',
      '',
    ],
    ['{% if false %}{% set a = 1 %}{% endif %}', 'syntax', '{% if false %}a{% else %}b{% endif %}', 'b'],
    ['{% if false %}{% raw %}{% endraw %}{% endif %}', 'syntax', '{% if false %}{# raw #}{% endif %}', ''],
    [
      '{% if true %}a{% else %}{{ obj.f() }}{% endif %}',
      'syntax',
      '{% if true %}a{% else %}{{ obj.f }}{% endif %}',
      'a',
    ],
    ["{{ 'a' if true else obj.f() }}", 'syntax', "{{ 'a' if true else obj.f }}", 'a'],
    ['{{ false and range(9) }}', 'syntax', '{{ false and range }}', 'False'],
    ['{{ true or obj.name|nosuch }}', 'syntax', '{{ true or obj.name|upper }}', 'True'],
    ['{{ true or 2 ** 2 }}', 'syntax', '{{ true or 2 * 2 }}', 'True'],
  ],
  'loops and recursion': [
    ['{% for i in range(1000000000) %}x{% endfor %}', 'syntax', "{{ 'x' * 3 }}", 'xxx'],
    ['{% for i in range(0,1,0.000000001) %}x{% endfor %}', 'syntax', '{{ 0.5 + 0.5 }}', '1.0'],
    ['{% macro m(n) %}{{ m(n-1) }}{{ m(n-1) }}{% endmacro %}{{ m(9) }}', 'syntax', '{{ 9 - 1 }}', '8'],
    ['{% set a = a ~ a %}', 'syntax', '{{ obj.name ~ obj.name }}', 'CoreCore'],
    ['{{ range(1000000000) }}', 'syntax', '{{ 1000000000 }}', '1000000000'],
  ],
  amplification: [
    [`{{ "aaaaaaaaaa"${'|replace("a","aaaaaaaaaa")'.repeat(9)} }}`, 'render', '{{ "aa"|replace("a","bb") }}', 'bbbb'],
    ['{{ "a"|replace("", "b" * 8000) }}', 'render', '{{ "a"|replace("", "b") }}', 'bab'],
    ['{{ "x"|center(1000000000) }}', 'render', '{{ "x"|center(3) }}', ' x '],
    ['{{ "x".zfill(1000000000) }}', 'render', '{{ "x".zfill(3) }}', '00x'],
    ['{{ "x".ljust(99999999999999999999) }}|', 'render', '{{ "x".ljust(3) }}|', 'x  |'],
    ['{{ "x"|indent(1000000000, true) }}', 'render', '{{ "x"|indent(2, true) }}', '  x'],
    ['{{ "x" * 1000000000 }}', 'render', '{{ "x" * 2 }}', 'xx'],
    ['{{ 99999999999999999999 * "x" }}', 'render', '{{ 2 * "x" }}', 'xx'],
    [`{{ ("x" * 8000) ~ ("x" * 8000) }}`, 'render', '{{ "x" ~ "y" }}', 'xy'],
    [`${'{{ "x" * 8000 }}'.repeat(2)}`, 'render', '{{ "x" * 2 }}{{ "x" }}', 'xxx'],
    ['{{ ("x" * 8000)|join("," * 8000)|length }}', 'render', '{{ "xx"|join(",") }}', 'x,x'],
    ['{{ ("x " * 4000).split()|join("--") }}', 'render', '{{ "x y".split()|join("--") }}', 'x--y'],
    ['{{ ("é" * 8000)|urlencode }}', 'render', '{{ "é"|urlencode }}', '%C3%A9'],
    ['{{ ("ﬃ" * 8000)|upper|length }}', 'render', '{{ "ﬃ"|upper }}', 'FFI'],
    ['{{ ("x" * 8000)|list|length }}', 'render', '{{ "xyz"|list|length }}', '3'],
    ['{{ [1]|batch(1000000000,"x") }}', 'syntax', '{{ [1]|list|length }}', '1'],
    ['{{ []|slice(1000000000) }}', 'syntax', '{{ [1,2][1:]|first }}', '2'],
    [`{{ ${Array(30).fill('99999999999999999999').join(' * ')} }}`, 'render', '{{ 99999 * 99999 }}', '9999800001'],
    [`{{ ${'9'.repeat(300)} }}`, 'syntax', '{{ 99999999999999999999 }}', '99999999999999999999'],
    ['{{ 9 ** 9 ** 9 }}', 'syntax', '{{ 9 * 9 }}', '81'],
    ['{{ "aaa!"|replace(r/(a+)+$/,"") }}', 'syntax', '{{ "aaa!"|replace("!","") }}', 'aaa'],
    ['{{ "x"|format(1) }}', 'syntax', '{{ "x"|trim }}', 'x'],
    ['{{ "x"|striptags }}', 'syntax', '{{ " x "|trim }}', 'x'],
    ['{{ "x"|urlize }}', 'syntax', '{{ "x y"|urlencode }}', 'x%20y'],
    ['{{ "x"|random }}', 'syntax', '{{ "x"|first }}', 'x'],
  ],
  'parser stress': [
    [`{{ ${'('.repeat(2000)}1${')'.repeat(2000)} }}`, 'syntax', '{{ ((((1)))) }}', '1'],
    [`{{ ${'['.repeat(1900)} }}`, 'syntax', '{{ [[1]][0][0] }}', '1'],
    [`{{ ${'not '.repeat(1000)}1 }}`, 'syntax', '{{ not not 1 }}', 'True'],
    [`{{ ${'-'.repeat(3)} ${'- '.repeat(1900)}1 }}`, 'syntax', '{{ - - 1 }}', '1'],
    [`${'{% if 1 %}'.repeat(400)}`, 'syntax', '{% if 1 %}{% if 1 %}x{% endif %}{% endif %}', 'x'],
    [`{% if 0 %}${'{% elif 0 %}'.repeat(300)}{% endif %}`, 'syntax', '{% if 0 %}{% elif 1 %}x{% endif %}', 'x'],
    [`{{ 1${' if 1 else 1'.repeat(300)} }}`, 'syntax', '{{ 1 if 0 else 2 if 1 else 3 }}', '2'],
    [`{{ obj${'.a'.repeat(1900)} }}`, 'syntax', '{{ obj.site.slug }}', 'nyc'],
    [`{{ obj${'[0'.repeat(1300)} }}`, 'syntax', '{{ obj.tags[[0][0]] }}', 'a'],
    [`{{ 1${'|string'.repeat(500)} }}`, 'syntax', '{{ 1|string|string }}', '1'],
    [`{{ 1${'+1'.repeat(1900)} }}`, 'syntax', '{{ 1+1+1 }}', '3'],
    ['{{ 1 }}'.repeat(500), 'syntax', '{{ 1 }}'.repeat(20), '1'.repeat(20)],
    ['{{ 1 }}'.repeat(20_000), 'syntax', '{{ 1 }}', '1'],
    ['x'.repeat(4097), 'syntax', 'x'.repeat(4096), 'x'.repeat(4096)],
    ['{{ "unterminated }}', 'syntax', '{{ "terminated" }}', 'terminated'],
    ['{# unterminated', 'syntax', '{# terminated #}', ''],
    ['{{ ~ . x }}', 'syntax', '{{ 1 ~ 2 }}', '12'],
    [`{{ ${'a'.repeat(65)} }}`, 'syntax', `{{ ${'a'.repeat(64)} | default('d') }}`, 'd'],
  ],
  'ambient names': [
    ...['process', 'globalThis', 'require', 'env', 'context', 'runtime', 'output', 'frame', 'this', 'self'].map(
      (name): Row => [`{{ ${name} }}`, 'render', `{{ ${name} is defined }}`, 'False'],
    ),
    ['{{ process.env.HOME }}', 'render', "{{ process | default('no') }}", 'no'],
    ["{{ require('fs') }}", 'syntax', "{{ require | default('no') }}", 'no'],
    ["{{ process.mainModule.require('fs') }}", 'syntax', "{{ 'process.mainModule' }}", 'process.mainModule'],
    ["{{ import('fs') }}", 'syntax', "{{ 'fs' }}", 'fs'],
  ],
};

const label = (template: string) => (template.length > 80 ? `${template.slice(0, 80)}...` : template);

describe.each(Object.entries(corpus))('%s', (_name, rows) => {
  const errors = { syntax: TemplateSyntaxError, render: TemplateRenderError };
  it.each(rows.map(([payload, kind]) => [label(payload), payload, kind] as const))(
    'refuses %s',
    (_label, payload, kind) => {
      expect(() => render(payload)).toThrow(errors[kind]);
    },
  );

  const atSave = rows.filter(([, kind]) => kind === 'syntax').map(([payload]) => [label(payload), payload] as const);
  if (atSave.length > 0)
    it.each(atSave)('refuses %s when it is parsed, with the place', (_label, payload) => {
      expect(() => parseTemplate(payload)).toThrow(/\(line \d+, column \d+\)$/);
    });

  it.each(rows.map(([, , neighbour, text]) => [label(neighbour), neighbour, text] as const))(
    'renders %s',
    (_label, neighbour, text) => {
      expect(render(neighbour)).toBe(text);
    },
  );
});

// Done carelessly, each of these takes minutes or all memory.
it.each([
  [`{{ [${'('.repeat(30)}'"'${',)'.repeat(30)}] | unique | length }}`, '1'],
  ["{{ ('Σ' * 8000).swapcase() | length }}{{ ('aΣ' * 4000).title() | length }}", '80008000'],
  ["{{ ('_' * 8000 ~ 'a') | slugify }}{{ ('a' ~ '_' * 8000 ~ 'b') | slugify | length }}", 'a8002'],
  ["{{ ('1' * 8000 ~ 'x') | float }}", '0.0'],
  ["{{ (' ' * 8000 ~ 'x') | trim }}{{ ('x' ~ ' ' * 8000 ~ 'x') | trim | length }}", 'x8002'],
  ["{{ ('a ' * 1600).split() | sort | unique | length }}", '1'],
  ["{{ ('a' * 8000) in ('a' * 7999 ~ 'b') }}{{ ('a' * 8000).count('aa') }}", 'False4000'],
])('has no slow path for %s', (template, text) => {
  expect(render(template)).toBe(text);
});

it('never renders what a value says', () => {
  const hostile = templateContext({ name: '{{ obj.secret }}{% raw %}' });
  expect(parseTemplate('{{ obj.name }}').render(hostile)).toBe('{{ obj.secret }}{% raw %}');
});

it('says of a text whether it holds a tag', () => {
  expect(['{{ a }}', '{% if a %}', '{# a #}', 'x {{'].map(isTemplate)).toEqual([true, true, true, true]);
  expect(['', 'x', '{ {', '}}', '%}', '{a}'].map(isTemplate)).toEqual([false, false, false, false, false, false]);
});
