import type { MigrationInterface, QueryRunner } from 'typeorm';

const standard = `
  "id" varchar(36) PRIMARY KEY NOT NULL,
  "number" integer NOT NULL,
  "created" varchar(24) NOT NULL,
  "last_updated" varchar(24) NOT NULL`;

// TypeORM, which compares the tables with the schemas, reads a constraint up to REFERENCES from one line.
const statements = [
  `CREATE TABLE "latchkey_sequences" ("name" varchar(100) PRIMARY KEY NOT NULL, "last" integer NOT NULL)`,

  `CREATE TABLE "users" (${standard},
  "username" varchar(150) NOT NULL,
  "username_folded" varchar(450) NOT NULL,
  "password" varchar(255),
  "is_superuser" boolean NOT NULL,
  "is_active" boolean NOT NULL,
  CONSTRAINT "uq_users_number" UNIQUE ("number"),
  CONSTRAINT "uq_users_username" UNIQUE ("username"))`,

  `CREATE TABLE "users_tokens" (${standard},
  "user_id" varchar(36) NOT NULL,
  "key_hash" varchar(64) NOT NULL,
  "description" varchar(255) NOT NULL,
  "write_enabled" boolean NOT NULL,
  "expires" varchar(24),
  CONSTRAINT "uq_users_tokens_number" UNIQUE ("number"),
  CONSTRAINT "uq_users_tokens_key_hash" UNIQUE ("key_hash"),
  CONSTRAINT "fk_users_tokens_user_id" FOREIGN KEY ("user_id") REFERENCES "users" ("id")
    ON DELETE CASCADE ON UPDATE NO ACTION)`,
  `CREATE INDEX "ix_users_tokens_user_id" ON "users_tokens" ("user_id")`,

  `CREATE TABLE "secrets" (${standard},
  "name" varchar(255) NOT NULL,
  "name_folded" varchar(765) NOT NULL,
  "slug" varchar(255) NOT NULL,
  "description" varchar(255) NOT NULL,
  "provider" varchar(255) NOT NULL,
  "parameters" text NOT NULL,
  CONSTRAINT "uq_secrets_number" UNIQUE ("number"),
  CONSTRAINT "uq_secrets_name" UNIQUE ("name"),
  CONSTRAINT "uq_secrets_slug" UNIQUE ("slug"))`,

  `CREATE TABLE "secrets_groups" (${standard},
  "name" varchar(255) NOT NULL,
  "name_folded" varchar(765) NOT NULL,
  "slug" varchar(255) NOT NULL,
  "description" varchar(255) NOT NULL,
  CONSTRAINT "uq_secrets_groups_number" UNIQUE ("number"),
  CONSTRAINT "uq_secrets_groups_name" UNIQUE ("name"),
  CONSTRAINT "uq_secrets_groups_slug" UNIQUE ("slug"))`,

  `CREATE TABLE "secrets_groups_associations" (
  "id" varchar(36) PRIMARY KEY NOT NULL,
  "secrets_group_id" varchar(36) NOT NULL,
  "access_type" varchar(32) NOT NULL,
  "secret_type" varchar(32) NOT NULL,
  "secret_id" varchar(36) NOT NULL,
  CONSTRAINT "uq_secrets_groups_associations_1" UNIQUE ("secrets_group_id", "access_type", "secret_type"),
  CONSTRAINT "fk_secrets_groups_associations_secrets_group_id" FOREIGN KEY ("secrets_group_id") REFERENCES "secrets_groups" ("id")
    ON DELETE CASCADE ON UPDATE NO ACTION,
  CONSTRAINT "fk_secrets_groups_associations_secret_id" FOREIGN KEY ("secret_id") REFERENCES "secrets" ("id")
    ON DELETE RESTRICT ON UPDATE NO ACTION)`,
  `CREATE INDEX "ix_secrets_groups_associations_secrets_group_id"
    ON "secrets_groups_associations" ("secrets_group_id")`,
  `CREATE INDEX "ix_secrets_groups_associations_secret_id" ON "secrets_groups_associations" ("secret_id")`,

  `CREATE TABLE "inventory_objects" (${standard},
  "object_type" varchar(100) NOT NULL,
  "name" varchar(255) NOT NULL,
  "name_folded" varchar(765) NOT NULL,
  "slug" varchar(255) NOT NULL,
  "attributes" text NOT NULL,
  "secrets_group_id" varchar(36),
  CONSTRAINT "uq_inventory_objects_number" UNIQUE ("number"),
  CONSTRAINT "uq_inventory_objects_1" UNIQUE ("object_type", "name"),
  CONSTRAINT "uq_inventory_objects_2" UNIQUE ("object_type", "slug"),
  CONSTRAINT "fk_inventory_objects_secrets_group_id" FOREIGN KEY ("secrets_group_id") REFERENCES "secrets_groups" ("id")
    ON DELETE SET NULL ON UPDATE NO ACTION)`,
  `CREATE INDEX "ix_inventory_objects_secrets_group_id" ON "inventory_objects" ("secrets_group_id")`,

  `CREATE TABLE "latchkey_settings" (
  "id" varchar(36) PRIMARY KEY NOT NULL,
  "name" varchar(100) NOT NULL,
  "value" varchar(255) NOT NULL,
  CONSTRAINT "uq_latchkey_settings_name" UNIQUE ("name"))`,
];

/** The tables of the definitions. */
export class Definitions1795500000000 implements MigrationInterface {
  readonly name = 'Definitions1795500000000';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of statements) await runner.query(statement);
  }

  async down(): Promise<void> {
    throw new Error('Migrations only go forward; restore a backup instead.');
  }
}
