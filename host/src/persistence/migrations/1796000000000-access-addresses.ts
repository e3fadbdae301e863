import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Where a read came from, in its record. */
export class AccessAddresses1796000000000 implements MigrationInterface {
  readonly name = 'AccessAddresses1796000000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE "access_entries" ADD COLUMN "address" varchar(255)');
  }

  async down(): Promise<void> {
    throw new Error('Migrations only go forward; restore a backup instead.');
  }
}
