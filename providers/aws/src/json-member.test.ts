import { isJson, jsonMember, jsonText } from './json-member';

test.each([
  ['{"a":"1","b":2}', 'a', '"1"'],
  ['{"a":"1","b":2}', 'b', '2'],
  ['{ "a" : { "b" : [1, {"c": "}"}] } , "d":1}', 'a', '{ "b" : [1, {"c": "}"}] }'],
  ['{"n":12345678901234567890.10}', 'n', '12345678901234567890.10'],
  ['{"a":1,"a":2}', 'a', '2'],
  ['{"\\u0061":1}', 'a', '1'],
  ['{"a\\"b":1}', 'a"b', '1'],
  ['{"x":{"a":1}}', 'a', undefined],
  ['{"x":["a",":",1],"a:":2}', 'a', undefined],
  ['{"x":"a","a":true}', 'a', 'true'],
  ['{"":0}', '', '0'],
  ['{}', 'a', undefined],
  ['{}', '', undefined],
  ['{"a":1}', '__proto__', undefined],
  ['{"__proto__":1}', '__proto__', '1'],
  ['["a"]', 'a', undefined],
  ['[{"a":1}]', 'a', undefined],
  ['"a"', 'a', undefined],
  ['null', 'a', undefined],
  ['  {"a":"\\\\"}', 'a', '"\\\\"'],
])('of %j the member %j is %j', (text, name, source) => expect(jsonMember(text, name)).toBe(source));

test('agrees with JSON.parse on every member of generated objects', () => {
  let state = 1;
  const random = (below: number) => (state = (state * 48_271) % 2_147_483_647) % below;
  const texts = ['a', 'b', '"', '\\', '}', ',', ':', '{"a":1}', '\n', '\u2028', '', 'é\u{1F511}', '\\"', '[', '\u0000'];
  const pick = () => texts[random(texts.length)] as string;
  const value = (depth: number): unknown => {
    const kind = random(depth > 3 ? 4 : 6);
    if (kind < 2) return pick();
    if (kind === 2) return random(1000) / 8;
    if (kind === 3) return [null, true, false][random(3)];
    const members = Array.from({ length: random(5) }, () => value(depth + 1));
    return kind === 4 ? members : Object.fromEntries(members.map((member) => [pick(), member]));
  };
  const differences: string[] = [];
  for (let round = 0; round < 2000; round += 1) {
    const object = Object.fromEntries(Array.from({ length: random(6) }, () => [pick(), value(1)]));
    const text = JSON.stringify(object, undefined, random(3));
    for (const name of texts) {
      const source = jsonMember(text, name);
      if (JSON.stringify(source && JSON.parse(source)) !== JSON.stringify(object[name])) differences.push(text);
    }
  }
  expect(differences).toEqual([]);
});

test('gives the text of a string, and the source of anything else', () => {
  expect(['"a\\nb"', '1.50', '{"a": 1}', 'null', undefined].map(jsonText)).toEqual([
    'a\nb',
    '1.50',
    '{"a": 1}',
    undefined,
    undefined,
  ]);
  expect(['{}', '{', '', '{"a":01}'].map(isJson)).toEqual([true, false, false, false]);
});
