import type { MigrationInterface, QueryRunner } from 'typeorm';

const standard = `
  "id" varchar(36) PRIMARY KEY NOT NULL,
  "number" integer NOT NULL,
  "created" varchar(24) NOT NULL,
  "last_updated" varchar(24) NOT NULL`;

// TypeORM, which compares the tables with the schemas, reads a constraint up to REFERENCES from one line.
const statements = [
  `CREATE TABLE "extras_tags" (${standard},
  "name" varchar(255) NOT NULL,
  "name_folded" varchar(765) NOT NULL,
  "slug" varchar(255) NOT NULL,
  "slug_folded" varchar(765),
  "color" varchar(6) NOT NULL,
  "color_folded" varchar(18),
  "description" varchar(255) NOT NULL,
  "description_folded" varchar(765),
  "content_types" text NOT NULL,
  CONSTRAINT "uq_extras_tags_number" UNIQUE ("number"),
  CONSTRAINT "uq_extras_tags_name" UNIQUE ("name"),
  CONSTRAINT "uq_extras_tags_slug" UNIQUE ("slug"))`,
  `CREATE INDEX "ix_extras_tags_name_folded" ON "extras_tags" ("name_folded")`,

  `CREATE TABLE "secrets_tags_links" (
  "from_id" varchar(36) NOT NULL,
  "to_id" varchar(36) NOT NULL,
  CONSTRAINT "fk_secrets_tags_links_from_id" FOREIGN KEY ("from_id") REFERENCES "secrets" ("id")
    ON DELETE CASCADE ON UPDATE NO ACTION,
  CONSTRAINT "fk_secrets_tags_links_to_id" FOREIGN KEY ("to_id") REFERENCES "extras_tags" ("id")
    ON DELETE CASCADE ON UPDATE NO ACTION,
  PRIMARY KEY ("from_id", "to_id"))`,
  `CREATE INDEX "ix_secrets_tags_links_to_id" ON "secrets_tags_links" ("to_id")`,

  `CREATE TABLE "extras_notes" (${standard},
  "assigned_object_type" varchar(100) NOT NULL,
  "assigned_object_id" varchar(36) NOT NULL,
  "user_id" varchar(36),
  "user_name" varchar(150) NOT NULL,
  "note" varchar(10000) NOT NULL,
  CONSTRAINT "uq_extras_notes_number" UNIQUE ("number"),
  CONSTRAINT "fk_extras_notes_user_id" FOREIGN KEY ("user_id") REFERENCES "users" ("id")
    ON DELETE SET NULL ON UPDATE NO ACTION)`,
  `CREATE INDEX "ix_extras_notes_user_id" ON "extras_notes" ("user_id")`,
  `CREATE INDEX "ix_extras_notes_assigned_object_id" ON "extras_notes" ("assigned_object_id")`,
];

/** The tables of tags and notes. */
export class TagsAndNotes1795810000000 implements MigrationInterface {
  readonly name = 'TagsAndNotes1795810000000';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of statements) await runner.query(statement);
  }

  async down(): Promise<void> {
    throw new Error('Migrations only go forward; restore a backup instead.');
  }
}
