import type { MigrationInterface, QueryRunner } from 'typeorm';

const standard = `
  "id" varchar(36) PRIMARY KEY NOT NULL,
  "number" integer NOT NULL,
  "created" varchar(24) NOT NULL,
  "last_updated" varchar(24) NOT NULL`;

const links = (table: string, from: string, to: string) => [
  `CREATE TABLE "${table}" (
  "from_id" varchar(36) NOT NULL,
  "to_id" varchar(36) NOT NULL,
  CONSTRAINT "fk_${table}_from_id" FOREIGN KEY ("from_id") REFERENCES "${from}" ("id")
    ON DELETE CASCADE ON UPDATE NO ACTION,
  CONSTRAINT "fk_${table}_to_id" FOREIGN KEY ("to_id") REFERENCES "${to}" ("id")
    ON DELETE CASCADE ON UPDATE NO ACTION,
  PRIMARY KEY ("from_id", "to_id"))`,
  `CREATE INDEX "ix_${table}_to_id" ON "${table}" ("to_id")`,
];

// SQLite cannot add a column that must hold something and has no default, so users and tokens move to new tables. The
// tokens move first and refer to the new users, since dropping the old ones would take along whatever refers to them.
const statements = [
  `CREATE TABLE "users_groups" (${standard},
  "name" varchar(150) NOT NULL,
  "name_folded" varchar(450) NOT NULL,
  CONSTRAINT "uq_users_groups_number" UNIQUE ("number"),
  CONSTRAINT "uq_users_groups_name" UNIQUE ("name"))`,

  `CREATE TABLE "new_users" (${standard},
  "username" varchar(150) NOT NULL,
  "username_folded" varchar(450) NOT NULL,
  "password" varchar(255),
  "first_name" varchar(150) NOT NULL,
  "last_name" varchar(150) NOT NULL,
  "email" varchar(254) NOT NULL,
  "is_superuser" boolean NOT NULL,
  "is_staff" boolean NOT NULL,
  "is_active" boolean NOT NULL,
  "last_login" varchar(24),
  CONSTRAINT "uq_users_number" UNIQUE ("number"),
  CONSTRAINT "uq_users_username" UNIQUE ("username"))`,
  `INSERT INTO "new_users" SELECT "id", "number", "created", "last_updated", "username", "username_folded", "password",
    '', '', '', "is_superuser", "is_superuser", "is_active", NULL FROM "users"`,

  `CREATE TABLE "new_users_tokens" (${standard},
  "user_id" varchar(36) NOT NULL,
  "key_hash" varchar(64) NOT NULL,
  "description" varchar(255) NOT NULL,
  "write_enabled" boolean NOT NULL,
  "expires" varchar(24),
  "allowed_addresses" text NOT NULL,
  "last_used" varchar(24),
  CONSTRAINT "uq_users_tokens_number" UNIQUE ("number"),
  CONSTRAINT "uq_users_tokens_key_hash" UNIQUE ("key_hash"),
  CONSTRAINT "fk_users_tokens_user_id" FOREIGN KEY ("user_id") REFERENCES "new_users" ("id")
    ON DELETE CASCADE ON UPDATE NO ACTION)`,
  `INSERT INTO "new_users_tokens" SELECT "id", "number", "created", "last_updated", "user_id", "key_hash",
    "description", "write_enabled", "expires", '[]', NULL FROM "users_tokens"`,

  `DROP TABLE "users_tokens"`,
  `DROP TABLE "users"`,
  `ALTER TABLE "new_users" RENAME TO "users"`,
  `ALTER TABLE "new_users_tokens" RENAME TO "users_tokens"`,
  `CREATE INDEX "ix_users_tokens_user_id" ON "users_tokens" ("user_id")`,

  `CREATE TABLE "users_permissions" (${standard},
  "name" varchar(255) NOT NULL,
  "name_folded" varchar(765) NOT NULL,
  "description" varchar(255) NOT NULL,
  "enabled" boolean NOT NULL,
  "object_types" text NOT NULL,
  "actions" text NOT NULL,
  "constraints" text,
  CONSTRAINT "uq_users_permissions_number" UNIQUE ("number"),
  CONSTRAINT "uq_users_permissions_name" UNIQUE ("name"))`,

  ...links('users_groups_links', 'users', 'users_groups'),
  ...links('users_permissions_users_links', 'users_permissions', 'users'),
  ...links('users_permissions_groups_links', 'users_permissions', 'users_groups'),
];

/** The tables of who may do what: groups, object permissions, and more of users and tokens. */
export class Access1795600000000 implements MigrationInterface {
  readonly name = 'Access1795600000000';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of statements) await runner.query(statement);
  }

  async down(): Promise<void> {
    throw new Error('Migrations only go forward; restore a backup instead.');
  }
}
