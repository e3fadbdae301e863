import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The table of the access records, in a database of its own. */
export class AccessEntries1795500000000 implements MigrationInterface {
  readonly name = 'AccessEntries1795500000000';

  async up(runner: QueryRunner): Promise<void> {
    // As the row's key the number is assigned by SQLite and costs no index; the log only grows.
    await runner.query(`CREATE TABLE "access_entries" (
  "number" integer PRIMARY KEY NOT NULL,
  "id" varchar(36) NOT NULL,
  "time" varchar(24) NOT NULL,
  "user_id" varchar(255),
  "user" varchar(255),
  "action" varchar(255),
  "secret_id" varchar(255),
  "secret" varchar(255),
  "secrets_group_id" varchar(255),
  "secrets_group" varchar(255),
  "access_type" varchar(255),
  "secret_type" varchar(255),
  "object_id" varchar(255),
  "object_type" varchar(255),
  "object" varchar(255),
  "provider" varchar(255),
  "decision" varchar(255),
  "rule" varchar(255),
  "outcome" varchar(255),
  "duration_us" integer NOT NULL,
  "request_id" varchar(255),
  CONSTRAINT "uq_access_entries_id" UNIQUE ("id"))`);
  }

  async down(): Promise<void> {
    throw new Error('Migrations only go forward; restore a backup instead.');
  }
}
