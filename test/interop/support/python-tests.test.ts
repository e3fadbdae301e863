import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { removeTemporaryFolders, temporaryFolder } from '../../support/temporary-folder';
import { pythonTestsIn, runPythonTests } from './python-tests';

afterAll(removeTemporaryFolders);

const text = `from expecting import equal

def test_right():
    """what is equal passes"""
    equal(1 + 1, 2)

def test_wrong():
    """what is not equal does not"""
    equal(1 + 1, 3)

def helper():
    """no test"""
`;

const hasPython = spawnSync('python3', ['--version'], { env: process.env }).status === 0;

test('the tests of a file are its functions, with their docstrings', () => {
  const file = join(temporaryFolder(), 'some.py');
  writeFileSync(file, text);
  expect(pythonTestsIn(file)).toEqual([
    { name: 'test_right', title: 'what is equal passes' },
    { name: 'test_wrong', title: 'what is not equal does not' },
  ]);
});

(hasPython ? describe : describe.skip)('where there is Python', () => {
  test('a test that fails is told by its traceback, and the others run', async () => {
    const folder = temporaryFolder();
    const file = join(folder, 'some.py');
    writeFileSync(file, text);
    mkdirSync(join(folder, 'bin'));
    writeFileSync(join(folder, 'bin/python'), '#!/bin/sh\nexec python3 "$@"\n');
    chmodSync(join(folder, 'bin/python'), 0o755);
    const faults = await runPythonTests(folder, file, { HOME: folder });
    expect([...faults.keys()]).toEqual(['test_right', 'test_wrong']);
    expect(faults.get('test_right')).toBeNull();
    expect(faults.get('test_wrong')).toContain('AssertionError: expected 3, got 2');
  });
});
