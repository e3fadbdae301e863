import { readText, sources } from './support/tree';

const page = readText('docs/vocabulary.md');
const rows = [...page.matchAll(/^\| \*\*(.+?)\*\* \| (.+?) \|(.*?)\|$/gm)].map(([, word, meaning, names]) => ({
  word: word ?? '',
  meaning: meaning ?? '',
  names: [...(names ?? '').matchAll(/`(\w+)`/g)].map(([, name]) => name ?? ''),
}));
const code = [...sources().values()].join('\n');
const isDeclared = (name: string) =>
  new RegExp(String.raw`\b(const|function|class|interface|type)\s+${name}\b|\b${name}\b\??[(:<]`).test(code);

test('the words of the house are all there, once', () => {
  const words = rows.map(({ word }) => word);
  expect(words).toEqual([...new Set(words)]);
  expect(words).toEqual(
    expect.arrayContaining(
      'actions,attachment,boundary,constraint,lease,object,parameter,plugin,principal,provider,secret,secret value,secrets group,slot,slot rule,store,template'.split(
        ',',
      ),
    ),
  );
});

test('the names that the page gives are declared in the code', () => {
  expect(rows.flatMap(({ names }) => names).filter((name) => !isDeclared(name))).toEqual([]);
});

test('a word that the page replaces is not used in the code', () => {
  const replaced = [...page.matchAll(/^- not "(.+?)":/gm)].map(([, word]) => word ?? '');
  expect(replaced.length).toBeGreaterThan(0);
  expect(replaced.filter((word) => new RegExp(String.raw`\b${word}`, 'i').test(code))).toEqual([]);
});

test('a name that is declared nowhere is noticed', () => {
  expect(isDeclared('SecretValue')).toBe(true);
  expect(isDeclared('CredentialVault')).toBe(false);
});
