import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { readPage } from './page';

interface Row {
  readonly step: string;
  readonly topic: string;
  readonly reason: string;
}

const rows = JSON.parse(readPage('docs/reference/compatibility.json')) as readonly Row[];

test('the page of differences is the one that the list makes: node scripts/compatibility.mjs', () => {
  const script = path.resolve(__dirname, '../../scripts/compatibility.mjs');
  const { stdout, stderr } = spawnSync(process.execPath, [script, '--print'], { encoding: 'utf8', env: process.env });
  expect(stderr).toBe('');
  expect(readPage('docs/reference/compatibility.md')).toBe(stdout);
});

test('the page has each step of the list once', () => {
  const page = readPage('docs/reference/compatibility.md');
  const told = [...page.matchAll(/`([a-z]+(?:\.[\w-]+)+)`(?:,| \|)/g)].map(([, step]) => step);
  expect(told.toSorted()).toEqual(rows.map(({ step }) => step).toSorted());
  expect(new Set(told).size).toBe(told.length);
});

test('each difference has a step, a topic and a reason that is a sentence', () => {
  const wrong = rows.filter(
    ({ step, topic, reason, ...more }) =>
      Object.keys(more).length > 0 ||
      !/^[a-z]+(\.[\w-]+)+$/.test(step) ||
      !/^[a-z ]{3,20}$/.test(topic) ||
      !/^[A-Z].{10,}\.$/.test(reason),
  );
  expect(wrong).toEqual([]);
});
