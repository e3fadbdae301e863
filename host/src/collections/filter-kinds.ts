import { z } from 'zod';
import type { FieldKind } from '../domain/descriptor';
import type { Scalar } from '../domain/ports';
import { normalInstant } from '../permissions/constraints/operands';

// Compiled validators need code generation, which the server forbids itself.
z.config({ jitless: true });

interface FilterKind {
  /** Reads one value of a query string; absent where a kind cannot be filtered by. */
  readonly filter?: z.ZodType<Scalar, string>;
  /** Whether a list can be ordered by the kind. */
  readonly sortable: boolean;
}

const printable = z.string().refine((text) => !text.includes('\0'), { error: 'Null characters are not allowed.' });
// A day, or a time of a day; in UTC where nothing else is said.
const instant = /^\s*(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d(?:\.\d{1,6})?)?)(Z|[+-]\d\d:\d\d)?)?\s*$/;
const text = printable.transform((value) => value.trim());

/** The text of `q`; spaces around it count. */
export const searchText = printable;

/** What each kind of field takes in a query string. */
export const filterKinds: Readonly<Record<FieldKind, FilterKind>> = {
  id: { filter: z.guid({ error: 'Enter a valid UUID.' }).transform((id) => id.toLowerCase()), sortable: true },
  number: {
    filter: z
      .string()
      .regex(/^\s*-?\d{1,15}\s*$/, { error: 'Enter a whole number.' })
      .transform(Number),
    sortable: true,
  },
  text: { filter: text, sortable: true },
  choice: { filter: text, sortable: true },
  flag: {
    filter: z
      .enum(['true', 'True', 'false', 'False'], { error: 'Must be a valid boolean.' })
      .transform((word) => word.toLowerCase() === 'true'),
    sortable: true,
  },
  datetime: {
    filter: printable.transform((given, context) => {
      const [, day, time = '00:00', offset = 'Z'] = instant.exec(given) ?? [];
      const value = day === undefined ? undefined : normalInstant(`${day}T${time}${offset}`);
      if (value !== undefined && normalInstant(`${day}T00:00Z`)?.startsWith(String(day))) return value;
      context.addIssue({ code: 'custom', message: 'Enter a valid date/time.' });
      return z.NEVER;
    }),
    sortable: true,
  },
  // An id or a natural name; which row it means is found out with the database.
  reference: { filter: text, sortable: false },
  references: { filter: text, sortable: false },
  json: { sortable: false },
  // One of the texts that it holds.
  list: { filter: text, sortable: false },
  constraint: { sortable: false },
  secret: { sortable: false },
};
