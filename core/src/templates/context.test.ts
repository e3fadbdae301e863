import { parseTemplate, passingContext, templateContext, TemplateRenderError, type TemplateContext } from './index';

const render = (template: string, obj: unknown) => parseTemplate(template).render(templateContext(obj));

describe('the context of a template', () => {
  it('is a frozen copy without prototypes', () => {
    const source = { site: { slug: 'a' }, tags: ['x'] };
    const copy = templateContext(source).obj as { site: object; tags: unknown[] };
    source.site.slug = 'changed';
    expect(Object.getPrototypeOf(copy)).toBeNull();
    expect(Object.getPrototypeOf(copy.site)).toBeNull();
    expect([copy, copy.site, copy.tags].every((part) => Object.isFrozen(part))).toBe(true);
    expect(copy.site).toEqual({ slug: 'a' });
  });

  it('runs no getter and keeps no function, symbol or inherited property', () => {
    class Device {
      name = 'a';
      helper = () => 'x';
      get inherited(): string {
        throw new Error('a getter ran');
      }
    }
    const device = Object.assign(new Device(), { [Symbol('s')]: 1 });
    Object.defineProperty(device, 'own', {
      enumerable: true,
      get: () => {
        throw new Error('a getter ran');
      },
    });
    Object.defineProperty(device, 'hidden', { enumerable: false, value: 'h' });
    expect(Reflect.ownKeys(templateContext(device).obj as object)).toEqual(['name']);
  });

  it('never touches a proxy', () => {
    const traps = new Proxy(
      {},
      {
        get: () => () => {
          throw new Error('a trap ran');
        },
      },
    );
    const proxy = new Proxy({ name: 'p' }, traps);
    expect(templateContext(proxy).obj).toBeUndefined();
    expect(render("{{ obj.name }}{{ obj.p | default('-') }}", { name: 'a', p: proxy })).toBe('a-');
  });

  it('leaves out a circle, and keeps what is only shared', () => {
    const site: Record<string, unknown> = { slug: 's' };
    const device = { name: 'd', site, other: site };
    site['device'] = device;
    expect(render("{{ obj.site.slug }}{{ obj.other.slug }}{{ obj.site.device | default('-') }}", device)).toBe('ss-');
  });

  it('is bounded in depth and size', () => {
    let deep: Record<string, unknown> = { end: 1 };
    for (let i = 0; i < 10_000; i++) deep = { deep };
    expect(render('{{ obj.deep.deep is defined }}', deep)).toBe('True');
    expect(() => templateContext({ list: Array(5001).fill(1) })).toThrow(TemplateRenderError);
    expect(() => templateContext({ list: Array(4_000_000_000) })).toThrow(TemplateRenderError);
  });

  it('keeps an own __proto__ as data, and pollutes nothing', () => {
    const copy = templateContext(JSON.parse('{"__proto__": {"polluted": 1}, "name": "a"}')).obj as object;
    expect(Object.getPrototypeOf(copy)).toBeNull();
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
    expect(render("{{ obj.polluted | default('-') }}", JSON.parse('{"__proto__": {"polluted": 1}}'))).toBe('-');
  });

  it('knows ints from floats', () => {
    expect(
      render('{{ obj.a }} {{ obj.b }} {{ obj.c }} {{ obj.d }} {{ obj.e }}', {
        a: 3,
        b: 2.5,
        c: -0,
        d: 10n ** 20n,
        e: 1e300,
      }),
    ).toBe('3 2.5 0 100000000000000000000 1e+300');
  });

  it('drops an int past the bound of ints', () => {
    expect(render("{{ obj.a | default('-') }}{{ obj.b is defined }}", { a: 2n ** 1000n, b: 2n ** 998n })).toBe('-True');
  });

  it('may be without an object', () => {
    for (const obj of [undefined, null]) {
      expect(() => render('{{ obj.name }}', obj)).toThrow(/^obj/);
      expect(render("{{ 'x' if obj is defined and obj else 'none' }}", obj)).toBe('none');
    }
  });

  it('cannot be forged', () => {
    const forged = { obj: { name: 'a' } } as unknown as TemplateContext;
    expect(() => parseTemplate('{{ obj.name }}').render(forged)).toThrow(TemplateRenderError);
  });

  it('refuses a text that is too long only where it is used', () => {
    const obj = { name: 'a', config: 'x'.repeat(8193), list: ['x'.repeat(8193)] };
    expect(render('{{ obj.name }}', obj)).toBe('a');
    expect(() => render('{{ obj.config }}', obj)).toThrow(TemplateRenderError);
    expect(() => render('{{ obj.config | length }}', obj)).toThrow(TemplateRenderError);
    expect(() => render('{{ obj.list[0] | first }}', obj)).toThrow(TemplateRenderError);
    expect(() => render('{{ obj.list | join | length }}', obj)).toThrow(TemplateRenderError);
  });
});

describe('a context for templates that are rendered at once', () => {
  const passing = (template: string, obj: unknown) => parseTemplate(template).render(passingContext(obj));

  it('never touches a member that no template names', () => {
    const obj = { name: 'a', list: Array(4_000_000_000) };
    expect(passing('{{ obj.name }}', obj)).toBe('a');
    expect(() => passing('{{ obj.list | length }}', obj)).toThrow(TemplateRenderError);
    expect(() => passing('{{ obj | length }}', obj)).toThrow(TemplateRenderError);
  });

  it('is bounded in what all members together hold', () => {
    const obj = { a: Array(3000).fill(1), b: Array(3000).fill(1) };
    expect(passing('{{ obj.a | length }}{{ obj.a | length }}', obj)).toBe('30003000');
    expect(() => passing('{{ obj.a | length }}{{ obj.b | length }}', obj)).toThrow(TemplateRenderError);
  });

  it('copies a member once, without what is no plain data', () => {
    const context = passingContext({
      site: { slug: 's', go: () => 1 },
      get now() {
        throw new Error('a getter ran');
      },
    });
    const site = context.member('site') as object;
    expect(context.member('site')).toBe(site);
    expect([Object.getPrototypeOf(site), Object.isFrozen(site), Object.keys(site)]).toEqual([null, true, ['slug']]);
    expect(context.member('now')).toBeUndefined();
    expect(context.member('toString')).toBeUndefined();
  });

  const circle: Record<string, unknown> = { name: 'a' };
  circle['site'] = { slug: 's', up: circle };

  it.each([
    ['plain data', { name: 'a', none: null, site: { slug: 's', tags: ['x', 1, 2.5] } }],
    ['a circle', circle],
    [
      'hidden members',
      Object.defineProperties({}, { name: { value: 'h' }, site: { get: () => 'g', enumerable: true } }),
    ],
    ['inherited members', Object.create({ name: 'i', site: { slug: 'i' } }) as object],
    ['members that are no data', { name: () => 'f', site: new Proxy({ slug: 'p' }, {}) }],
    ['levels', { site: { slug: [[[[[[{}]]]]]], up: [[[[[['x']]]]]] }, name: 'x'.repeat(9000) }],
    ['a proxy', new Proxy({ name: 'p' }, {})],
    ['a list', ['name', { slug: 's' }]],
    ['bytes', Buffer.from('name')],
    ['text', 'name'],
    ['a function', () => 'name'],
    ['null', null],
    ['undefined', undefined],
  ])('shows templates of %s what a copy made beforehand shows', (_, obj) => {
    const templates = [
      '{{ obj.name }}',
      "{{ obj['name'] }}",
      '{{ obj.none is none }}',
      '{{ obj.site }}',
      '{{ obj.site.slug }}',
      '{{ obj.site.tags | join }}{{ obj.site.tags[2] }}',
      "{{ obj.site.slug | default('-') }}{{ obj.site.up | default('-') | length }}",
      '{{ obj.site is defined }}{{ obj.name is defined }}{{ obj is defined }}',
      '{{ obj.constructorName | d(1) }}{{ obj.valueOf is defined }}',
      "{{ obj | length }}{{ 'name' in obj }}{{ obj.name == obj['name'] }}{{ obj == obj }}",
      '{{ obj[0] }}',
    ];
    const shown = (how: typeof render, template: string): string => {
      try {
        return how(template, obj);
      } catch (error) {
        return String(error);
      }
    };
    expect(templates.map((one) => shown(passing, one))).toEqual(templates.map((one) => shown(render, one)));
  });
});
