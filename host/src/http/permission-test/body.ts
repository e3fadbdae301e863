import { z } from 'zod';
import type { Action } from '../../domain/access';
import { objectReference, word } from '../parse-body';

const actions = ['view', 'add', 'change', 'delete', 'use', 'check', 'reveal'] as const satisfies readonly Action[];
const texts = (max: number) => z.array(word(max), { error: 'Expected a list of items.' }).min(1).max(50);
const draft = z.strictObject({
  name: word(255).default('draft'),
  object_types: texts(255),
  actions: texts(30),
  constraints: z.unknown().default(null),
});

/** The body of a test: who, what, on which row, for which object, by which permission. */
export const testBody = z
  .strictObject({
    user: z.union([word(150), z.strictObject({ id: word(36) }), z.strictObject({ username: word(150) })], {
      error: 'Give an id, a name, {"id"} or {"username"}.',
    }),
    action: z.enum(actions, { error: `Give one of ${actions.join(', ')}.` }),
    object_type: word(255).optional(),
    id: word(255).optional(),
    secret: word(255).optional(),
    object: objectReference.optional(),
    permission: z
      .union([z.strictObject({ id: z.guid().transform((id) => id.toLowerCase()) }), draft], {
        error: 'Give {"id"}, or a draft: {"object_types", "actions", "constraints"}.',
      })
      .optional(),
  })
  .refine(namesOneRow, { path: ['secret'], error: 'Give a secret, or the "object_type" and the "id" of another row.' });

interface RowFields {
  readonly secret?: string | undefined;
  readonly object_type?: string | undefined;
  readonly id?: string | undefined;
}

function namesOneRow({ secret, object_type: type, id }: RowFields): boolean {
  return secret === undefined ? type !== undefined && id !== undefined : type === undefined && id === undefined;
}

/** A question to the policy, as a body asks it. */
export type TestBody = z.infer<typeof testBody>;
