import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

const runner = join(__dirname, 'run_tests.py');

/** The tests of a Python file: the functions `test_*`, each with its one-line docstring. */
export function pythonTestsIn(file: string): { readonly name: string; readonly title: string }[] {
  const found = readFileSync(file, 'utf8').matchAll(/^def (test_\w+)\(\):\n {4}"""(.+?)"""$/gm);
  return [...found].map(([, name = '', title = '']) => ({ name, title }));
}

/** Runs such a file once, with these variables alone, and tells of each test the traceback, or null. */
export async function runPythonTests(
  environment: string,
  file: string,
  variables: Readonly<Record<string, string>>,
): Promise<ReadonlyMap<string, string | null>> {
  const { stdout } = await promisify(execFile)(join(environment, 'bin/python'), [runner, file], {
    env: { PATH: process.env.PATH, PYTHONDONTWRITEBYTECODE: '1', ...variables },
    maxBuffer: 2 ** 24,
  });
  const lines = stdout.split('\n').filter((line) => line !== '');
  return new Map(
    lines.map((line) => {
      const { name, fault } = JSON.parse(line) as { name: string; fault: string | null };
      return [name, fault];
    }),
  );
}

/** Describes the tests of a Python file as tests of jest; they are skipped where there is no environment. */
export function describePython(
  title: string,
  file: string,
  environment: string | undefined,
  variables: () => Readonly<Record<string, string>>,
): void {
  const tests = pythonTestsIn(file);
  if (tests.length === 0) throw new Error(`There are no tests in ${file}`);
  (environment === undefined ? describe.skip : describe)(title, () => {
    let faults: ReadonlyMap<string, string | null>;
    beforeAll(async () => {
      faults = await runPythonTests(String(environment), file, variables());
    });
    test.each(tests)('$title', ({ name }) => {
      expect(faults.get(name)).toBeNull();
    });
    test('is a function with a docstring, or it would be passed over', () => {
      expect([...faults.keys()]).toEqual(tests.map(({ name }) => name));
    });
  });
}
