/** Draws numbers from a seed, the same ones each time (mulberry32). */
export interface Draw {
  /** A whole number from 0 up to, and without, the bound. */
  (bound: number): number;
}

export function drawFrom(seed: number): Draw {
  let state = seed >>> 0;
  return (bound) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) % bound;
  };
}

export const pick = <T>(draw: Draw, from: readonly T[]): T => from[draw(from.length)] as T;

/** Texts that engines and careless code disagree about; well-formed and without NUL, so that all may be stored. */
export const nastyTexts: readonly string[] = [
  ['', 'a', 'A', 'ab', 'aB', 'abc', '_', '%', 'a_c', 'a%', '\\', '\\%', '[a]', '*', '?', "'", '"', '`', ';--', '.*'],
  ['İ', 'i', 'ı', 'I', 'i\u0307', 'ß', 'ss', 'SS', 'ẞ', '\u212a', 'k', 'K', 'Σ', 'σ', 'ς', 'é', 'e\u0301', 'É'],
  ['😀', '😀a', '\uffff', '\ue000', '\u{10ffff}', '1', '01', '1.0', 'true', 'null', '{}', '[]', '[1]'],
  ['$user', 'ann', '/opt/secrets/network/a', '/opt/secrets/', '{{ obj.x }}', '\n', 'a\n', ' a', 'a '],
  ['x'.repeat(300)],
].flat();

const leafTexts = nastyTexts.filter((text) => text !== '$user');
const columnTexts = nastyTexts.filter((text) => text.length <= 255);
const nameTexts = columnTexts.filter((text) => text !== '');

/** Names of JSON members that careless code takes for something else. */
export const hostileKeys: readonly string[] = [
  ['path', 'Path', 'path"; x', 'a.b', '$', '$.path', "a'b", 'a"b', 'constructor', 'toString', 'hasOwnProperty'],
  ['_negated', '_connector', 'in', 'exact', 'isnull', '0', '*', '%', 'é', 'e\u0301', '😀', ' ', '\\', '[0]', '?'],
].flat();

/** A leaf of JSON: mostly a text. */
export function randomLeaf(draw: Draw): unknown {
  const others = [0, 1, -1, 1.5, 10, 9, 2 ** 53, true, false, null, [], ['a'], {}, { a: 'a' }];
  return draw(3) > 0 ? pick(draw, nastyTexts) : pick(draw, others);
}

/** The fields of a secret that may be anything, without identity. */
export function randomSecretFields(draw: Draw): {
  readonly name: string;
  readonly description: string;
  readonly provider: string;
  readonly parameters: Readonly<Record<string, unknown>>;
} {
  const members = Array.from({ length: draw(4) }, () => {
    const leaf = draw(5) === 0 ? { [pick(draw, hostileKeys)]: randomLeaf(draw) } : randomLeaf(draw);
    return [pick(draw, hostileKeys), leaf] as const;
  });
  return {
    name: pick(draw, nameTexts),
    description: pick(draw, columnTexts),
    provider: pick(draw, ['text-file', 'environment-variable', 'Text-File']),
    parameters: Object.fromEntries(members),
  };
}

const textLookups =
  ' __exact __iexact __contains __icontains __startswith __istartswith __endswith __iendswith __gt __gte __lt __lte'.split(
    ' ',
  );

/** A constraint on a secret that is within the grammar; `relations` lets it look through some. */
export function randomConstraint(draw: Draw, { relations = false } = {}): unknown {
  const members = Array.from({ length: 1 + draw(2) }, () =>
    Object.fromEntries(Array.from({ length: 1 + draw(2) }, () => randomClause(draw, relations))),
  );
  return members.length === 1 && draw(2) === 0 ? members[0] : members;
}

function randomClause(draw: Draw, relations: boolean): [string, unknown] {
  const hops = relations && draw(3) === 0 ? pick(draw, ['secrets_groups__', 'secrets_groups__secrets__']) : '';
  const isJson = draw(2) === 0 && (hops === '' || hops.endsWith('secrets__'));
  const inner = draw(5) === 0 ? `__${pick(draw, hostileKeys)}` : '';
  const key = `${hops}${isJson ? `parameters__${pick(draw, hostileKeys)}${inner}` : pick(draw, ['name', 'description'])}`;
  // Among a JSON leaf's texts there is no user.
  const text = () => pick(draw, isJson ? leafTexts : nastyTexts);
  switch (draw(6)) {
    case 0:
      return [`${key}__isnull`, draw(2) === 0];
    case 1:
      return [`${key}__in`, Array.from({ length: 1 + draw(3) }, text)];
    case 2:
      return [`${key}__range`, [text(), text()]];
    case 3:
      return isJson ? [`${key}__exact`, pick(draw, [0, 1, -1, 1.5, true, false, null])] : [key, text()];
    case 4:
      return draw(4) === 0
        ? [`${key}__${pick(draw, ['regex', 'iregex'])}`, pick(draw, ['^a', 'a.c', '^.$', '[A-Z]', '(?i)k', 'a$', ''])]
        : [`${key}${isJson ? '__gte' : '__lte'}`, isJson ? pick(draw, [0, 1, 9.5]) : text()];
    default: {
      const lookup = pick(draw, textLookups);
      return [`${key}${isJson && lookup === '' ? '__exact' : lookup}`, text()];
    }
  }
}

/** JSON that is mostly no constraint at all. */
export function randomJson(draw: Draw, depth = 0): unknown {
  const words = ['name', 'parameters', 'id', 'secrets_groups', 'secret', 'user', 'password', '_negated', '__proto__'];
  const parts = [...words, 'in', 'exact', 'isnull', 'range', 'regex', 'iregex', 'foo', '', 'constructor', 'key_hash'];
  const scalars = [null, true, false, 0, -1, 1e308, '', '\0', '\ud800', '(?=a)', '(a+)+$', '$user', 'x'.repeat(2000)];
  if (depth > 3 || draw(3) === 0) return draw(2) === 0 ? pick(draw, scalars) : pick(draw, nastyTexts);
  if (draw(3) === 0) return Array.from({ length: draw(4) }, () => randomJson(draw, depth + 1));
  const key = () => Array.from({ length: 1 + draw(4) }, () => pick(draw, parts)).join('__');
  const members = Array.from(
    { length: draw(4) },
    () => `${JSON.stringify(key())}:${JSON.stringify(randomJson(draw, depth + 1))}`,
  );
  return JSON.parse(`{${members.join(',')}}`) as unknown;
}
