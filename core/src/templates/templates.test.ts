import { LeastRecentlyUsed } from './cache';
import { parseTemplate, templateContext, TemplateRenderError, TemplateSyntaxError } from './index';

const render = (template: string, obj: unknown) => parseTemplate(template).render(templateContext(obj));

function failure<E extends Error>(type: new (...args: never[]) => E, act: () => unknown): E {
  try {
    act();
  } catch (error) {
    if (error instanceof type) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

describe("the templates of Nautobot's documentation", () => {
  const device = { name: 'csr1', slug: 'csr1', site: { slug: 'nyc', name: 'NYC' }, location: { name: 'NYC' } };
  const repository = { name: 'My Repo', slug: 'my-git-repo' };
  it.each([
    [
      '/opt/nautobot/device_passwords/{{ obj.site.slug }}/{{ obj.name }}.txt',
      device,
      '/opt/nautobot/device_passwords/nyc/csr1.txt',
    ],
    [
      '/opt/nautobot/device_passwords/{{ obj.location.name }}/{{ obj.name }}.txt',
      device,
      '/opt/nautobot/device_passwords/NYC/csr1.txt',
    ],
    ["GIT_TOKEN_{{ obj.slug | replace('-', '_') | upper }}", repository, 'GIT_TOKEN_MY_GIT_REPO'],
    ['GIT_TOKEN_{{ obj.slug | upper }}', repository, 'GIT_TOKEN_MY-GIT-REPO'],
    ['NAUTOBOT_TEST_{{ obj.name|upper }}', device, 'NAUTOBOT_TEST_CSR1'],
    ['{{ obj.name | slugify }}', repository, 'my-repo'],
    ['{{ obj.name | slugify }}', { name: ' Zürich_Core -- (Rack 7)! ' }, 'zurich_core-rack-7'],
    ['{{ obj.role | default("ops") }}', device, 'ops'],
    ["{{ 'a,b,c' | split | last }}{{ 'a-b' | split('-') | first }}", device, 'ca'],
    ['{{ "IP address" | bettertitle }}', device, 'IP Address'],
    ['DEVICE_PASSWORD', device, 'DEVICE_PASSWORD'],
  ])('%s', (template, obj, text) => {
    expect(render(template, obj)).toBe(text);
  });
});

describe('an undefined value', () => {
  it.each([
    ['{{ obj.site.slug }}', 'obj.site.slug'],
    ['{{ obj.missing.deep.deeper }}', 'obj.missing'],
    ['{{ obj.missing | upper }}', 'obj.missing'],
    ["{{ 'a' ~ obj.missing }}", 'obj.missing'],
    ["{{ obj.missing == 'x' }}", 'obj.missing'],
    ['{% if obj.missing %}{% endif %}', 'obj.missing'],
    ['{{ obj.tags[5] }}', 'obj.tags[5]'],
    ['{{ obj.tags[-5] }}', 'obj.tags[-5]'],
    ["{{ obj['no such'] }}", 'obj["no such"]'],
    ['{{ obj[obj.name] }}', 'obj[…]'],
    ['{{ missing }}', 'missing'],
  ])('%s is an error that names %s', (template, path) => {
    const error = failure(TemplateRenderError, () => render(template, { name: 'VALUE', site: {}, tags: [] }));
    expect(error.path).toBe(path);
    expect(error.message).toBe(`${path} is undefined`);
  });

  it('says of a failed filter what it was used on, and shows no value of the object', () => {
    const obj = { name: 'VALUE', list: ['VALUE'], map: { VALUE: 1 }, none: null };
    for (const use of [
      'obj.list',
      'obj.map',
      'obj.none',
      'obj.name | abs',
      'obj.list | upper',
      'obj.name.zfill(99999)',
      'obj[obj.name]',
    ]) {
      const error = failure(TemplateRenderError, () => render(`{{ ${use} }}`, obj));
      expect(error.path).toMatch(/^obj/);
      expect(JSON.stringify(error) + error.message).not.toContain('VALUE');
    }
  });
});

describe('a syntax error', () => {
  it.each([
    ['{{ obj. }}', 1, 9],
    ['a\nbc {% for x in y %}', 2, 7],
    ['{{ obj.name', 1, 12],
    ['\n\n  {{ obj.name | nosuch }}', 3, 17],
    ['{% if a %}', 1, 11],
    ['{{ obj.f(1) }}', 1, 8],
    ['a\r\nb {{ # }}', 2, 6],
  ])('of %j is at line %i, column %i', (template, line, column) => {
    const error = failure(TemplateSyntaxError, () => parseTemplate(template));
    expect([error.line, error.column]).toEqual([line, column]);
    expect(error.message).toContain(`(line ${line}, column ${column})`);
    expect(error).toMatchObject({ name: 'TemplateSyntaxError', code: 'template-syntax' });
  });
});

describe('parsed templates', () => {
  it('are kept by their text', () => {
    const text = `{{ obj.name }} ${'kept'}`;
    expect(parseTemplate(text)).toBe(parseTemplate(text));
    expect(parseTemplate(text).text).toBe(text);
  });

  it('make place for others, the one used longest ago first', () => {
    const made: string[] = [];
    const cache = new LeastRecentlyUsed<string>(2);
    const get = (key: string) => cache.get(key, (text) => (made.push(text), text));
    for (const key of ['a', 'b', 'a', 'c', 'a', 'b']) get(key);
    expect(made).toEqual(['a', 'b', 'c', 'b']);
    expect(cache.size).toBe(2);
  });

  it('have the whole budget in every render', () => {
    const template = parseTemplate("{{ ('x ' * 2000).split() | length }}");
    const context = templateContext({});
    expect([1, 2, 3].map(() => template.render(context))).toEqual(['2000', '2000', '2000']);
  });
});
