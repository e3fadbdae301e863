import { z } from 'zod';
import type { JsonSchema } from './operation';

/** What a body may be, by the schema that reads it. */
export function jsonSchemaOf(schema: z.ZodType): JsonSchema {
  const { $schema: _, ...own } = z.toJSONSchema(schema, { io: 'input' });
  return own;
}
