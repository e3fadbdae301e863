import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { providerRequirements } from '@latchkey/core/testing';

test('the kit and its documentation hold the same requirements', () => {
  const documentation = readFileSync(join(__dirname, '../../docs/reference/provider.md'), 'utf8');
  const documented = [...documentation.matchAll(/^- \*\*(P\d+)\*\* ([^.]+\.)/gm)].map(([, number, text]) => [
    number,
    text,
  ]);
  expect(Object.fromEntries(documented)).toEqual(providerRequirements);
  expect(documented).toHaveLength(Object.keys(providerRequirements).length);
});
