import type { MigrationInterface, QueryRunner } from 'typeorm';

import { runOnBoth } from './words';

const standard = `
  "id" varchar(36) PRIMARY KEY NOT NULL,
  "number" integer NOT NULL,
  "created" varchar(24) NOT NULL,
  "last_updated" varchar(24) NOT NULL`;

// TypeORM, which compares the tables with the schemas, reads a constraint up to REFERENCES from one line.
const leaves = (table: string, owner: string) => [
  `CREATE TABLE "${table}" (
  "owner_id" varchar(36) NOT NULL,
  "path" varchar NOT NULL,
  "kind" varchar(8) NOT NULL,
  "text" varchar,
  "folded" varchar,
  "number" double,
  CONSTRAINT "fk_${table}_owner_id" FOREIGN KEY ("owner_id") REFERENCES "${owner}" ("id")
    ON DELETE CASCADE ON UPDATE NO ACTION,
  PRIMARY KEY ("owner_id", "path"))`,
  `CREATE INDEX "ix_${table}_text" ON "${table}" ("path", "text", "owner_id")`,
  `CREATE INDEX "ix_${table}_folded" ON "${table}" ("path", "folded", "owner_id")`,
];

const statements = [
  `CREATE TABLE "extras_custom_fields" (${standard},
  "content_types" text NOT NULL,
  "type" varchar(50) NOT NULL,
  "filter_logic" varchar(50) NOT NULL,
  "label" varchar(255) NOT NULL,
  "label_folded" varchar(765) NOT NULL,
  "grouping" varchar(255) NOT NULL,
  "key" varchar(255) NOT NULL,
  "description" varchar(255) NOT NULL,
  "required" boolean NOT NULL,
  "default" text,
  "weight" integer NOT NULL,
  "validation_minimum" integer,
  "validation_maximum" integer,
  "validation_regex" varchar(500) NOT NULL,
  "advanced_ui" boolean NOT NULL,
  "scope_filter" text NOT NULL,
  CONSTRAINT "uq_extras_custom_fields_number" UNIQUE ("number"),
  CONSTRAINT "uq_extras_custom_fields_key" UNIQUE ("key"))`,
  `CREATE INDEX "ix_extras_custom_fields_label_folded" ON "extras_custom_fields" ("label_folded")`,

  `CREATE TABLE "extras_custom_field_choices" (${standard},
  "custom_field_id" varchar(36) NOT NULL,
  "value" varchar(255) NOT NULL,
  "value_folded" varchar(765) NOT NULL,
  "weight" integer NOT NULL,
  CONSTRAINT "uq_extras_custom_field_choices_number" UNIQUE ("number"),
  CONSTRAINT "uq_extras_custom_field_choices_1" UNIQUE ("custom_field_id", "value"),
  CONSTRAINT "fk_extras_custom_field_choices_custom_field_id" FOREIGN KEY ("custom_field_id") REFERENCES "extras_custom_fields" ("id")
    ON DELETE CASCADE ON UPDATE NO ACTION)`,
  `CREATE INDEX "ix_extras_custom_field_choices_custom_field_id"
    ON "extras_custom_field_choices" ("custom_field_id")`,
  `CREATE INDEX "ix_extras_custom_field_choices_value_folded" ON "extras_custom_field_choices" ("value_folded")`,

  ...['secrets', 'secrets_groups', 'extras_tags'].flatMap((owner) => [
    `ALTER TABLE "${owner}" ADD COLUMN "custom_fields" text`,
    `UPDATE "${owner}" SET "custom_fields" = '{}'`,
    ...leaves(`${owner}_custom_fields_leaves`, owner),
  ]),
];

/** The tables of custom fields and their choices, and the column of their values. */
export class CustomFields1795900000000 implements MigrationInterface {
  readonly name = 'CustomFields1795900000000';

  async up(runner: QueryRunner): Promise<void> {
    await runOnBoth(runner, statements);
  }

  async down(): Promise<void> {
    throw new Error('Migrations only go forward; restore a backup instead.');
  }
}
