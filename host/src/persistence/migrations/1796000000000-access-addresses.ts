import type { MigrationInterface, QueryRunner } from 'typeorm';

import { runOnBoth } from './words';

/** Where a read came from, in its record. */
export class AccessAddresses1796000000000 implements MigrationInterface {
  readonly name = 'AccessAddresses1796000000000';

  async up(runner: QueryRunner): Promise<void> {
    // PostgreSQL, unlike SQLite, would refuse a longer text, and the read with it.
    const length = runner.connection.options.type === 'postgres' ? '' : '(255)';
    await runOnBoth(runner, [`ALTER TABLE "access_entries" ADD COLUMN "address" varchar${length}`]);
  }

  async down(): Promise<void> {
    throw new Error('Migrations only go forward; restore a backup instead.');
  }
}
