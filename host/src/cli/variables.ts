import { CommandError } from './exit-codes';

/** A slot, as REST writes it. */
export interface SlotName {
  readonly access_type: string;
  readonly secret_type: string;
}

/** A slot and the variable that its value goes to. */
export interface Variable {
  readonly name: string;
  readonly slot: SlotName;
}

const valid = /^[A-Za-z_][A-Za-z0-9_]*$/;

/** How a slot is called in messages. */
export const slotLabel = ({ access_type, secret_type }: SlotName): string => `${access_type} ${secret_type}`;

/** The variable of a slot: `SSH` and `password` give SSH_PASSWORD, `HTTP(S)` and `private-key` HTTPS_PRIVATE_KEY. */
export function variableOf({ access_type, secret_type }: SlotName, prefix = ''): string {
  const words = `${access_type}_${secret_type}`.replace(/[()]/g, '').replace(/[^A-Za-z0-9]+/g, '_');
  return prefix + words.replace(/^_+|_+$/g, '').toUpperCase();
}

/** Reads `NAME=ACCESS_TYPE/SECRET_TYPE`. */
export function readVariable(text: string): Variable {
  const [, name = '', access_type = '', secret_type = ''] = /^([^=]*)=(.+)\/([^/]+)$/s.exec(text) ?? [];
  if (name !== '') return { name, slot: { access_type, secret_type } };
  const remedy = 'Write --env NAME=ACCESS_TYPE/SECRET_TYPE, such as DB_PASSWORD=Generic/password.';
  throw new CommandError('usage', `--env does not understand "${text}".`, remedy);
}

/** Refuses names that no variable can have, and two slots for one variable. */
export function checkVariables(variables: readonly Variable[]): readonly Variable[] {
  const taken = new Map<string, SlotName>();
  for (const { name, slot } of variables) {
    const remedy = `Name the variable: --env NAME=${slot.access_type}/${slot.secret_type}`;
    if (!valid.test(name))
      throw new CommandError('usage', `"${name}" for ${slotLabel(slot)} is no name of a variable.`, remedy);
    const other = taken.get(name);
    if (other) {
      const both = `${slotLabel(other)} and ${slotLabel(slot)}`;
      throw new CommandError('usage', `${both} would both be the variable ${name}.`, remedy);
    }
    taken.set(name, slot);
  }
  return variables;
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** A value, as the host gives it. */
export interface GivenValue {
  readonly value: string;
  readonly encoding: 'text' | 'base64';
}

/** The text of a value; undefined when a variable cannot hold it: bytes that are no text, or a NUL. */
export function variableText({ value, encoding }: GivenValue): string | undefined {
  let text = value;
  if (encoding === 'base64') {
    try {
      text = utf8.decode(Buffer.from(value, 'base64'));
    } catch {
      return undefined;
    }
  }
  return text.includes('\0') ? undefined : text;
}
