import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { removeTemporaryFolders, temporaryFolder } from '../../../test/support/temporary-folder';
import { readInput, readJson, type InputSource } from './inputs';

afterAll(removeTemporaryFolders);

const piped: InputSource = { file: () => 'of the file', stdin: () => 'of the pipe\n', isTerminal: false };

function fileOf(text: string): string {
  const file = join(temporaryFolder(), 'input');
  writeFileSync(file, text);
  return file;
}

test.each([
  ['pass word\n', 'pass word'],
  ['pass\r\n', 'pass'],
  ['pass\n\n', 'pass\n'],
  [' pass ', ' pass '],
])('a file %j holds %j', (text, value) => {
  expect(readInput('password-file', fileOf(text))).toBe(value);
});

test('- is the standard input, unless that is a terminal, which would show what is typed', () => {
  expect(readInput('password-file', '-', piped)).toBe('of the pipe');
  expect(readInput('password-file', './-', piped)).toBe('of the file');
  expect(() => readInput('password-file', '-', { ...piped, isTerminal: true })).toThrow('reads no terminal');
});

test('a file that cannot be read is named, with the cause', () => {
  expect(() => readInput('key-file', '/no/such')).toThrow('--key-file /no/such cannot be read (ENOENT)');
});

test('JSON is written on the command line or in a file, not in both', () => {
  expect(readJson('constraints', undefined, undefined)).toBeUndefined();
  expect(readJson('constraints', 'null', undefined)).toBeNull();
  expect(readJson('constraints', undefined, fileOf('[{"name": "a"}]\n'))).toEqual([{ name: 'a' }]);
  expect(() => readJson('constraints', '{}', '/f')).toThrow('one thing');
  expect(() => readJson('constraints', '{name: 1}', undefined)).toThrow('--constraints is not JSON');
});
