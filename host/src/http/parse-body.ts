import { z } from 'zod';
import { InvalidInput } from '../domain/failures';

// Compiled validators need code generation, which the server forbids itself.
z.config({ jitless: true });

/** A text that must be there, of at most so many characters. */
export const word = (max: number) =>
  z
    .string({ error: (issue) => (issue.input === undefined ? 'This field is required.' : 'Not a valid string.') })
    .min(1, { error: 'This field may not be blank.' })
    .max(max, { error: `Ensure this field has no more than ${max} characters.` })
    .refine((text) => !text.includes('\0'), { error: 'Null characters are not allowed.' });

/** An object of the inventory, as a body names it. */
export const objectReference = z.union(
  [
    z.strictObject({ id: z.guid({ error: 'Must be a valid UUID.' }).transform((id) => id.toLowerCase()) }),
    z.strictObject({ object_type: word(100), name: word(255) }),
  ],
  { error: 'Give {"id"} or {"object_type", "name"}.' },
);

/** Reads the body of a request that is no row; faults are told by field, and unknown fields are faults. */
export function parseBody<Body>(schema: z.ZodType<Body>, body: unknown): Body {
  const result = schema.safeParse(body);
  if (result.success) return result.data;
  const faults: Record<string, string[]> = Object.create(null) as Record<string, string[]>;
  const add = (field: string, message: string): void => void (faults[field] ??= []).push(message);
  for (const issue of result.error.issues) {
    if (issue.code === 'unrecognized_keys' && issue.path.length === 0)
      for (const key of issue.keys) add(key.slice(0, 255), 'Unknown field.');
    else if (issue.path.length === 0) add('non_field_errors', 'Invalid data. Expected a dictionary.');
    else if (issue.code === 'unrecognized_keys')
      add(String(issue.path[0]), `Unknown field: ${issue.keys.join(', ').slice(0, 255)}.`);
    else add(String(issue.path[0]), issue.message);
  }
  throw new InvalidInput({ ...faults });
}
