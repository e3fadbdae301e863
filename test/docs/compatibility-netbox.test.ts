import { readPage } from './page';

interface Row {
  readonly step: string;
  readonly topic: string;
  readonly reason: string;
}

const list = 'docs/reference/compatibility-netbox.json';
const rows = JSON.parse(readPage(list)) as readonly Row[];

/** What clients of NetBox do, in the files that the differences are told by. */
const files = new Set([
  'browser',
  'crashes',
  'docs-page',
  'permissions',
  'quirks',
  'secret-roles',
  'secrets',
  'secrets-filters',
  'secrets-read',
  'session-keys',
]);

test('each difference has a file with its step, a topic and a reason that is a sentence', () => {
  const wrong = rows.filter(({ step, topic, reason, ...more }) => {
    const [, file = '', name] = /^(?:2\.11\/)?([a-z-]+):([\w.=-]+)$/.exec(step) ?? [];
    return (
      Object.keys(more).length > 0 ||
      name === undefined ||
      !files.has(file) ||
      !/^[a-z ]{3,20}$/.test(topic) ||
      !/^[A-Z].{10,}\.$/.test(reason)
    );
  });
  expect(wrong).toEqual([]);
});

test('no step is told twice', () => {
  const steps = rows.map(({ step }) => step);
  expect(steps.filter((step, index) => steps.indexOf(step) !== index)).toEqual([]);
});

test('the reference of the API says where the differences are', () => {
  expect(readPage('docs/reference/netbox-secrets.md')).toContain('(compatibility-netbox.json)');
});
