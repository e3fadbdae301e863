/** What was read of an input, or what is wrong with it, in NetBox's words. */
export type Reading<T> = { readonly value: T } | { readonly fault: string };

/** What a text field of NetBox may hold. */
export interface TextRule {
  readonly max?: number;
  /** Whether it may be empty. */
  readonly blank?: true;
  /** Whether it must be a slug. */
  readonly slug?: true;
  /** Whether the white space around it stays. */
  readonly exact?: true;
}

const required = 'This field is required.';
const blankFault = 'This field may not be blank.';
const slugFault = 'Enter a valid "slug" consisting of letters, numbers, underscores or hyphens.';
const slugForm = /^[-a-zA-Z0-9_]+$/;

/** Reads a text as NetBox does: numbers become text, and white space around it goes unless the rule says otherwise. */
export function readText(input: unknown, rule: TextRule = {}): Reading<string> {
  if (input === undefined) return { fault: required };
  if (input === null) return { fault: 'This field may not be null.' };
  if (typeof input !== 'string' && typeof input !== 'number')
    return { fault: rule.slug && typeof input === 'object' ? slugFault : 'Not a valid string.' };
  const whole = String(input);
  const trimmed = whole.trim();
  if (trimmed === '' && !rule.blank) return { fault: blankFault };
  const value = rule.exact ? whole : trimmed;
  if (value.includes('\0')) return { fault: 'Null characters are not allowed.' };
  if (/\p{Surrogate}/u.test(value)) return { fault: 'Not a valid string.' };
  if (rule.max !== undefined && [...value].length > rule.max)
    return { fault: `Ensure this field has no more than ${rule.max} characters.` };
  return rule.slug && value !== '' && !slugForm.test(value) ? { fault: slugFault } : { value };
}

/** Whether a text is a whole number, as Python reads one. */
export const isWhole = (text: string): boolean => /^\s*-?\d+\s*$/.test(text);

/** The faults of a body, by field. */
export type Faults = Record<string, string[]>;

/** Keeps what was read, or notes its fault. */
export function taken<T>(faults: Faults, field: string, reading: Reading<T>): T | undefined {
  if ('value' in reading) return reading.value;
  faults[field] = [reading.fault];
  return undefined;
}

/** How Python's json calls a value's type. */
export function pythonType(value: unknown): string {
  if (Array.isArray(value)) return 'list';
  const names: Readonly<Record<string, string>> = { string: 'str', boolean: 'bool', number: 'int' };
  return names[typeof value] ?? 'dict';
}

/** The members of a body, or why it is none, as NetBox says it. */
export function membersOf(body: unknown): Reading<Readonly<Record<string, unknown>>> {
  if (body === null || body === undefined) return { fault: 'No data provided' };
  if (typeof body !== 'object' || Array.isArray(body))
    return { fault: `Invalid data. Expected a dictionary, but got ${pythonType(body)}.` };
  return { value: body as Readonly<Record<string, unknown>> };
}
