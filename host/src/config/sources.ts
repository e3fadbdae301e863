import { readFileSync } from 'node:fs';
import path from 'node:path';
import { environmentNames } from './schema';
import { hostError } from '../errors';

/** Variables by name, as `process.env` has them. */
export type Environment = Readonly<Record<string, string | undefined>>;

function readText(file: string, source: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw hostError('config-invalid', { source, fault: `the file ${file} cannot be read (${code ?? 'unknown'})` });
  }
}

/** The settings in the environment, each read from its file where the `_FILE` form is used; an empty one is not set. */
export function fromEnvironment(env: Environment): { given: Record<string, string>; files: string[] } {
  const given: Record<string, string> = {};
  const files: string[] = [];
  for (const [variable, value] of Object.entries(env)) {
    if (!variable.startsWith('LATCHKEY_') || variable === 'LATCHKEY_CONFIG' || value === undefined) continue;
    const name = variable.slice('LATCHKEY_'.length).toLowerCase();
    const base = name.replace(/_file$/, '') as keyof typeof environmentNames;
    const isSetting = Object.hasOwn(environmentNames, name);
    if (!isSetting && (base === name || !environmentNames[base]))
      throw hostError('config-invalid', { source: variable, fault: 'there is no such setting' });
    if (value.trim() === '') continue;
    if (isSetting) given[name] = value;
    else {
      files.push(path.resolve(value));
      given[base] = readText(value, variable).trim();
    }
  }
  return { given, files };
}

/** The settings in the configuration file. */
export function fromFile(file: string | undefined): Record<string, unknown> {
  if (file === undefined) return {};
  const refused = (fault: string) => hostError('config-invalid', { source: file, fault });
  let content: unknown;
  try {
    content = JSON.parse(readText(file, 'LATCHKEY_CONFIG'));
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw refused('the file is not JSON');
  }
  if (typeof content !== 'object' || content === null || Array.isArray(content))
    throw refused('the file is not a JSON object');
  return content as Record<string, unknown>;
}
