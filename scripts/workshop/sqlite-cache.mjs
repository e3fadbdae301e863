import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { at, readJson } from './tree.mjs';

const addon = 'build/Release/node_sqlite3.node';

const xdg = process.env.XDG_CACHE_HOME;

/** Where compiled sqlite3 addons outlive the clone that compiled them. */
export const cacheFolder = join(xdg && isAbsolute(xdg) ? xdg : join(homedir(), '.cache'), 'latchkey/sqlite3-prebuilds');

/** The name under which prebuild-install, which sqlite3 installs with, looks for the addon of this machine. */
export function prebuildName() {
  const { version } = readJson(at('package-lock.json')).packages['node_modules/sqlite3'];
  const napi = [6, 3].find((level) => level <= Number(process.versions.napi));
  const musl = process.platform === 'linux' && !process.report?.getReport().header.glibcVersionRuntime ? 'musl' : '';
  return `sqlite3-v${version}-napi-v${napi}-${process.platform}${musl}-${process.arch}.tar.gz`;
}

const octal = (value, length) => `${value.toString(8).padStart(length - 1, '0')}\0`;

/** A tar archive of one file. */
export function tarOf(name, bytes) {
  const header = Buffer.alloc(512);
  header.write(name, 0);
  header.write(octal(0o755, 8) + octal(0, 8) + octal(0, 8) + octal(bytes.length, 12) + octal(0, 12), 100);
  header.write('        0', 148);
  header.write('ustar\x0000', 257);
  header.write(octal(checksum(header), 7), 148);
  return Buffer.concat([header, bytes, Buffer.alloc((512 - (bytes.length % 512)) % 512), Buffer.alloc(1024)]);
}

// The sum of the header's bytes, with its own field counted as spaces.
const checksum = (header) => header.reduce((sum, byte, i) => sum + (i >= 148 && i < 156 ? 32 : byte), 0);

/** Whether a kept archive is whole: gzip's own checksum, and one file of the right name and size in it. */
export function isWhole(archive) {
  try {
    const tar = gunzipSync(archive);
    const field = (from, to) => tar.toString('latin1', from, to).replace(/\0.*$/s, '');
    const size = Number.parseInt(field(124, 136), 8);
    return (
      field(0, 100) === addon &&
      checksum(tar.subarray(0, 512)) === Number.parseInt(field(148, 154), 8) &&
      size > 0 &&
      tar.length >= 512 + size
    );
  } catch {
    return false;
  }
}

/** `kept` for an addon of this machine that is whole, `broken` for one that was damaged and is removed, or `absent`. */
export function lookUp() {
  const file = join(cacheFolder, prebuildName());
  if (!existsSync(file)) return 'absent';
  if (isWhole(readFileSync(file))) return 'kept';
  forget();
  return 'broken';
}

/** Removes the kept addon of this machine. */
export function forget() {
  rmSync(join(cacheFolder, prebuildName()), { force: true });
}

/** Keeps the addon that is installed now, for the next clone. */
export function keep() {
  const built = at('node_modules/sqlite3', addon);
  const file = join(cacheFolder, prebuildName());
  if (!existsSync(built) || existsSync(file)) return false;
  mkdirSync(cacheFolder, { recursive: true, mode: 0o700 });
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, gzipSync(tarOf(addon, readFileSync(built))), { mode: 0o600 });
  renameSync(draft, file);
  return true;
}
