import { cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const repository = join(__dirname, '../../..');

const made: string[] = [];
afterAll(() => {
  for (const folder of made) rmSync(folder, { recursive: true, force: true });
});

/** A folder outside the repository, gone when the tests of the file are done. */
export function temporaryFolder(): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'latchkey-')));
  made.push(folder);
  return folder;
}

/** Writes files by their paths inside a folder; what is not text is written as JSON. */
export function writeFiles(folder: string, files: Readonly<Record<string, unknown>>): void {
  for (const [path, content] of Object.entries(files)) {
    const file = join(folder, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
  }
}

/** Makes a package of the repository's installation resolvable from a folder: linked, or as a copy of its own. */
export function provide(folder: string, name: string, how: 'link' | 'copy' = 'link'): void {
  const source = realpathSync(join(repository, 'node_modules', name));
  const target = join(folder, 'node_modules', name);
  mkdirSync(dirname(target), { recursive: true });
  if (how === 'link') symlinkSync(source, target);
  else cpSync(source, target, { recursive: true });
}
