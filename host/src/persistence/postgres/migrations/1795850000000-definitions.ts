import type { MigrationInterface, QueryRunner } from 'typeorm';

import { inPostgresWords } from '../../migrations/words';

// In the words of SQLite's own migrations, whose end this is.
const standard = `
  "id" varchar(36) PRIMARY KEY NOT NULL,
  "number" integer NOT NULL,
  "created" varchar(24) NOT NULL,
  "last_updated" varchar(24) NOT NULL`;
const unique = (table: string, ...columns: readonly string[]) =>
  columns.map((column) => `CONSTRAINT "uq_${table}_${column}" UNIQUE ("${column}")`).join(', ');
const refers = (table: string, column: string, target: string, onDelete = 'CASCADE') =>
  `CONSTRAINT "fk_${table}_${column}" FOREIGN KEY ("${column}") REFERENCES "${target}" ("id") ON DELETE ${onDelete}`;
const index = (table: string, ...columns: readonly string[]) =>
  columns.map((column) => `CREATE INDEX "ix_${table}_${column}" ON "${table}" ("${column}")`);

const links = (table: string, from: string, to: string) => [
  `CREATE TABLE "${table}" ("from_id" varchar(36) NOT NULL, "to_id" varchar(36) NOT NULL,
  ${refers(table, 'from_id', from)}, ${refers(table, 'to_id', to)}, PRIMARY KEY ("from_id", "to_id"))`,
  ...index(table, 'to_id'),
];
const leaves = (owner: string, field: string) => {
  const table = `${owner}_${field}_leaves`;
  return [
    `CREATE TABLE "${table}" (
  "owner_id" varchar(36) NOT NULL, "path" varchar NOT NULL, "kind" varchar(8) NOT NULL,
  "text" varchar, "folded" varchar, "number" double,
  ${refers(table, 'owner_id', owner)}, PRIMARY KEY ("owner_id", "path"))`,
    ...['text', 'folded'].map(
      (column) => `CREATE INDEX "ix_${table}_${column}" ON "${table}" ("path", "${column}", "owner_id")`,
    ),
  ];
};

const statements = [
  `CREATE TABLE "latchkey_sequences" ("name" varchar(100) PRIMARY KEY NOT NULL, "last" integer NOT NULL)`,
  `CREATE TABLE "latchkey_version" ("value" integer NOT NULL)`,
  `INSERT INTO "latchkey_version" VALUES (1)`,

  `CREATE TABLE "users_groups" (${standard},
  "name" varchar(150) NOT NULL, "name_folded" varchar(450) NOT NULL,
  ${unique('users_groups', 'number', 'name')})`,
  ...index('users_groups', 'name_folded'),

  `CREATE TABLE "users" (${standard},
  "username" varchar(150) NOT NULL, "username_folded" varchar(450) NOT NULL,
  "password" varchar(255),
  "first_name" varchar(150) NOT NULL, "first_name_folded" varchar(450),
  "last_name" varchar(150) NOT NULL, "last_name_folded" varchar(450),
  "email" varchar(254) NOT NULL, "email_folded" varchar(762),
  "is_superuser" boolean NOT NULL, "is_staff" boolean NOT NULL, "is_active" boolean NOT NULL,
  "last_login" varchar(24),
  ${unique('users', 'number', 'username')})`,
  ...index('users', 'username_folded'),

  `CREATE TABLE "users_tokens" (${standard},
  "user_id" varchar(36) NOT NULL,
  "key_hash" varchar(64) NOT NULL,
  "description" varchar(255) NOT NULL, "description_folded" varchar(765),
  "write_enabled" boolean NOT NULL,
  "expires" varchar(24), "allowed_addresses" text NOT NULL, "last_used" varchar(24),
  ${unique('users_tokens', 'number', 'key_hash')}, ${refers('users_tokens', 'user_id', 'users')})`,
  ...index('users_tokens', 'user_id'),

  `CREATE TABLE "users_permissions" (${standard},
  "name" varchar(255) NOT NULL, "name_folded" varchar(765) NOT NULL,
  "description" varchar(255) NOT NULL, "description_folded" varchar(765),
  "enabled" boolean NOT NULL, "object_types" text NOT NULL, "actions" text NOT NULL, "constraints" text,
  ${unique('users_permissions', 'number', 'name')})`,
  ...index('users_permissions', 'name_folded'),
  ...links('users_groups_links', 'users', 'users_groups'),
  ...links('users_permissions_users_links', 'users_permissions', 'users'),
  ...links('users_permissions_groups_links', 'users_permissions', 'users_groups'),

  `CREATE TABLE "extras_tags" (${standard},
  "name" varchar(255) NOT NULL, "name_folded" varchar(765) NOT NULL,
  "slug" varchar(255) NOT NULL, "slug_folded" varchar(765),
  "color" varchar(6) NOT NULL, "color_folded" varchar(18),
  "description" varchar(255) NOT NULL, "description_folded" varchar(765),
  "content_types" text NOT NULL,
  ${unique('extras_tags', 'number', 'name', 'slug')})`,
  ...index('extras_tags', 'name_folded'),

  `CREATE TABLE "secrets" (${standard},
  "name" varchar(255) NOT NULL, "name_folded" varchar(765) NOT NULL,
  "slug" varchar(255) NOT NULL, "slug_folded" varchar(765),
  "description" varchar(255) NOT NULL, "description_folded" varchar(765),
  "provider" varchar(255) NOT NULL, "provider_folded" varchar(765),
  "parameters" text NOT NULL,
  ${unique('secrets', 'number', 'name', 'slug')})`,
  ...index('secrets', 'provider', 'name_folded'),
  ...links('secrets_tags_links', 'secrets', 'extras_tags'),
  ...leaves('secrets', 'parameters'),

  `CREATE TABLE "secrets_groups" (${standard},
  "name" varchar(255) NOT NULL, "name_folded" varchar(765) NOT NULL,
  "slug" varchar(255) NOT NULL, "slug_folded" varchar(765),
  "description" varchar(255) NOT NULL, "description_folded" varchar(765),
  ${unique('secrets_groups', 'number', 'name', 'slug')})`,
  ...index('secrets_groups', 'name_folded'),

  `CREATE TABLE "secrets_groups_associations" (
  "id" varchar(36) PRIMARY KEY NOT NULL,
  "secrets_group_id" varchar(36) NOT NULL,
  "access_type" varchar(32) NOT NULL, "access_type_folded" varchar(96),
  "secret_type" varchar(32) NOT NULL, "secret_type_folded" varchar(96),
  "secret_id" varchar(36) NOT NULL,
  CONSTRAINT "uq_secrets_groups_associations_1" UNIQUE ("secrets_group_id", "access_type", "secret_type"),
  ${refers('secrets_groups_associations', 'secrets_group_id', 'secrets_groups')},
  ${refers('secrets_groups_associations', 'secret_id', 'secrets', 'RESTRICT')})`,
  ...index('secrets_groups_associations', 'secrets_group_id', 'secret_id'),

  `CREATE TABLE "inventory_objects" (${standard},
  "object_type" varchar(100) NOT NULL, "object_type_folded" varchar(300),
  "name" varchar(255) NOT NULL, "name_folded" varchar(765) NOT NULL,
  "slug" varchar(255) NOT NULL, "slug_folded" varchar(765),
  "attributes" text NOT NULL,
  "secrets_group_id" varchar(36),
  ${unique('inventory_objects', 'number')},
  CONSTRAINT "uq_inventory_objects_1" UNIQUE ("object_type", "name"),
  CONSTRAINT "uq_inventory_objects_2" UNIQUE ("object_type", "slug"),
  ${refers('inventory_objects', 'secrets_group_id', 'secrets_groups', 'SET NULL')})`,
  ...index('inventory_objects', 'secrets_group_id', 'name_folded'),
  ...leaves('inventory_objects', 'attributes'),

  `CREATE TABLE "latchkey_settings" (
  "id" varchar(36) PRIMARY KEY NOT NULL, "name" varchar(100) NOT NULL, "value" varchar(255) NOT NULL,
  ${unique('latchkey_settings', 'name')})`,

  `CREATE TABLE "extras_object_changes" (
  "id" varchar(36) PRIMARY KEY NOT NULL,
  "time" varchar(24) NOT NULL,
  "user" varchar(36), "user_name" varchar(150),
  "request_id" varchar(64),
  "action" varchar(10),
  "changed_object_type" varchar(100), "changed_object_id" varchar(36),
  "related_object_type" varchar(100), "related_object_id" varchar(36),
  "change_context" varchar(50), "change_context_detail" varchar(255),
  "object_repr" varchar(600), "object_repr_folded" varchar(1800),
  "before" text, "after" text, "secrets_changed" text NOT NULL)`,
  ...index('extras_object_changes', 'time', 'request_id', 'changed_object_id', 'related_object_id'),
  `CREATE INDEX "ix_extras_object_changes_object_repr_folded"
    ON "extras_object_changes" (left("object_repr_folded", 200))`,

  `CREATE TABLE "extras_notes" (${standard},
  "assigned_object_type" varchar(100) NOT NULL, "assigned_object_id" varchar(36) NOT NULL,
  "user_id" varchar(36), "user_name" varchar(150) NOT NULL,
  "note" varchar(10000) NOT NULL,
  ${unique('extras_notes', 'number')}, ${refers('extras_notes', 'user_id', 'users', 'SET NULL')})`,
  ...index('extras_notes', 'user_id', 'assigned_object_id'),
];

/** The tables of the definitions, as SQLite's migrations up to tags and notes have made them. */
export class PostgresDefinitions1795850000000 implements MigrationInterface {
  readonly name = 'PostgresDefinitions1795850000000';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of statements) await runner.query(inPostgresWords(statement));
  }

  async down(): Promise<void> {
    throw new Error('Migrations only go forward; restore a backup instead.');
  }
}
