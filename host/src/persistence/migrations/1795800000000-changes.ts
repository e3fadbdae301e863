import type { MigrationInterface, QueryRunner } from 'typeorm';

const statements = [
  `CREATE TABLE "extras_object_changes" (
  "id" varchar(36) PRIMARY KEY NOT NULL,
  "time" varchar(24) NOT NULL,
  "user" varchar(36),
  "user_name" varchar(150),
  "request_id" varchar(64),
  "action" varchar(10),
  "changed_object_type" varchar(100),
  "changed_object_id" varchar(36),
  "related_object_type" varchar(100),
  "related_object_id" varchar(36),
  "change_context" varchar(50),
  "change_context_detail" varchar(255),
  "object_repr" varchar(600),
  "object_repr_folded" varchar(1800),
  "before" text,
  "after" text,
  "secrets_changed" text NOT NULL)`,
  ...['time', 'request_id', 'changed_object_id', 'related_object_id', 'object_repr_folded'].map(
    (column) => `CREATE INDEX "ix_extras_object_changes_${column}" ON "extras_object_changes" ("${column}")`,
  ),
];

/** The table of the change log. */
export class Changes1795800000000 implements MigrationInterface {
  readonly name = 'Changes1795800000000';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of statements) await runner.query(statement);
  }

  async down(): Promise<void> {
    throw new Error('Migrations only go forward; restore a backup instead.');
  }
}
