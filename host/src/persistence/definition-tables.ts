import type { EntitySchema, ObjectLiteral } from 'typeorm';

import type { Types } from '../domain/types';
import { Definitions1795500000000 } from './migrations/1795500000000-definitions';
import { Access1795600000000 } from './migrations/1795600000000-access';
import { ConstraintStorage1795700000000 } from './migrations/1795700000000-constraint-storage';
import { Changes1795800000000 } from './migrations/1795800000000-changes';
import { TagsAndNotes1795810000000 } from './migrations/1795810000000-tags-and-notes';
import { CustomFields1795900000000 } from './migrations/1795900000000-custom-fields';
import { leafSchemasOf, linkSchemasOf, schemaOf } from './schemas';

/** The migrations of the database of definitions, in order. */
export const definitionMigrations = [
  Definitions1795500000000,
  Access1795600000000,
  ConstraintStorage1795700000000,
  Changes1795800000000,
  TagsAndNotes1795810000000,
  CustomFields1795900000000,
];

/** The TypeORM schemas of its tables. */
export function definitionSchemas({ definitions }: Types): EntitySchema<ObjectLiteral>[] {
  return definitions.flatMap((type) => [
    schemaOf(type, 'sqlite'),
    ...linkSchemasOf(type, 'sqlite'),
    ...leafSchemasOf(type, 'sqlite'),
  ]);
}
