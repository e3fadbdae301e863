import { homes, libraryFaults } from './libraries';
import { sources, workspaces } from './support/tree';

const manifests = Object.fromEntries(workspaces().map(({ folder, manifest }) => [folder, manifest]));

test('each library is imported at its home alone, and declared where it is imported', () => {
  expect(libraryFaults(sources(), manifests)).toEqual([]);
});

test('each library that core and host declare has a home', () => {
  const declared = ['core', 'host'].flatMap((folder) => Object.keys(manifests[folder]?.dependencies ?? {}));
  const ours = declared.filter((name) => !name.startsWith('@latchkey/'));
  expect(ours.filter((name) => !Object.hasOwn(homes, name))).toEqual([]);
});

describe('the checker itself', () => {
  test.each([
    ['away from home', 'host/src/writes/a.ts', "import { z } from 'zod';"],
    ['away from home, a type', 'host/src/domain/a.ts', "import type { Request } from 'express';"],
    ['away from home, a part', 'core/src/kernel/a.ts', "import { Parser } from 'nunjucks/src/parser';"],
    ['undeclared', 'core/src/a.ts', "import { z } from 'zod';"],
    ['undeclared in a provider', 'providers/env/src/a.ts', "import { z } from 'zod';"],
    ['a builtin without node:', 'core/src/a.ts', "import { join } from 'path';"],
  ])('refuses a library %s', (_, path, text) => {
    expect(libraryFaults(new Map([[path, text]]), manifests)).toHaveLength(1);
  });

  test('accepts a library at home', () => {
    const two = new Map([
      ['core/src/templates/parse.ts', "import { Parser } from 'nunjucks/src/parser';"],
      ['host/src/http/app.ts', "import express from 'express';\nimport { join } from 'node:path';"],
    ]);
    expect(libraryFaults(two, manifests)).toEqual([]);
  });
});
