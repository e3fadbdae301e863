import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { CommandError } from './exit-codes';

/** What a copy of the template is made of. */
export interface Scaffold {
  /** The name in kebab-case: of the package, the plugin and the provider. */
  readonly name: string;
  readonly target: string;
  readonly template: string;
  /** Where npm finds core. */
  readonly core: string;
}

const skipped = new Set(['node_modules', 'dist', 'package-lock.json']);
const reserved = new Set(
  (
    'arguments await break case catch class const continue debugger default delete do else enum eval export extends ' +
    'false finally for function if implements import in instanceof interface let new null package private protected ' +
    'public return static super switch this throw true try typeof undefined var void while with yield'
  ).split(' '),
);

/** The template that comes along: beside the packages of a clone, or inside the published package. */
export function templateFolder(): string {
  const places = ['../../plugin-template', '../../../plugin-template'].map((place) => path.join(__dirname, place));
  const found = places.find((place) => existsSync(path.join(place, 'package.json')));
  if (found) return found;
  throw new CommandError('host', 'The template of plugins is not installed.', 'Name one with --template FOLDER.');
}

/** Copies the template under a new name; gives the files that were written. */
export function copyTemplate({ name, target, template, core }: Scaffold): readonly string[] {
  checkName(name);
  if (existsSync(target) && readdirSync(target).length > 0)
    throw new CommandError('conflict', `The folder ${target} is not empty.`, 'Name another with --dir FOLDER.');
  const files = filesOf(template);
  const texts = files.map((file) => readFileSync(path.join(template, file), 'utf8'));
  const rename = renamer(name, texts.join('\n'));
  const targets = files.map(rename);
  const twice = targets.find((file, at) => targets.indexOf(file) !== at);
  if (twice !== undefined)
    throw new CommandError('usage', `"${name}" is taken by a file of the template.`, 'Choose another name.');
  targets.forEach((file, at) => {
    const text = texts[at] ?? '';
    const place = path.join(target, file);
    mkdirSync(path.dirname(place), { recursive: true });
    writeFileSync(place, file === 'package.json' ? packageJson(rename(text), name, core) : rename(text), {
      flag: 'wx',
    });
  });
  return targets;
}

function checkName(name: string): void {
  if (/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(name) && name.length <= 100) return;
  const remedy = 'Use small letters, digits and single hyphens, such as my-backend.';
  throw new CommandError('usage', `"${name}" cannot be the name of a plugin.`, remedy);
}

function filesOf(folder: string, below = ''): string[] {
  return readdirSync(path.join(folder, below), { withFileTypes: true })
    .filter(({ name }) => !skipped.has(name))
    .flatMap((entry) => {
      const file = path.join(below, entry.name);
      return entry.isDirectory() ? filesOf(folder, file) : [file];
    })
    .toSorted();
}

/** Replaces the template's name in each of its spellings. */
function renamer(name: string, everything: string): (text: string) => string {
  const words = name.split('-');
  const capital = (word: string) => word.charAt(0).toUpperCase() + word.slice(1);
  const plain = words.map((word, at) => (at === 0 ? word : capital(word))).join('');
  // A name that JavaScript or the template itself uses would not do for a constant.
  const taken = reserved.has(plain) || new RegExp(`\\b${plain}\\b`).test(everything);
  const camel = taken ? `${plain}Provider` : plain;
  const spellings: readonly (readonly [string, string])[] = [
    ['my-backend', name],
    ['my_backend', words.join('_')],
    ['MY_BACKEND', words.join('_').toUpperCase()],
    ['myBackend', camel],
    ['MyBackend', capital(camel)],
    ['My Backend', words.map(capital).join(' ')],
  ];
  return (text) => spellings.reduce((renamed, [from, to]) => renamed.replaceAll(from, to), text);
}

function packageJson(text: string, name: string, core: string): string {
  const { license: _license, devDependencies, ...json } = JSON.parse(text) as Record<string, unknown>;
  const own = {
    ...json,
    name,
    version: '0.1.0',
    description: `The ${name} secrets provider for Latchkey.`,
    devDependencies: { ...(devDependencies as object | undefined), '@latchkey/core': core },
  };
  return `${JSON.stringify(own, null, 2)}\n`;
}
