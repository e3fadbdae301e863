/**
 * One step of a plugin's tables: SQL for each engine, run once, in the order of the timestamps, in one transaction with
 * all that is new at a start. What was released is never changed; another step is added.
 */
export interface PluginMigration {
  /** A name that no other migration has, such as `NetboxSecrets`. */
  readonly name: string;
  /** Milliseconds since 1970, of when it was written; the host's own begin at 1795500000000. */
  readonly timestamp: number;
  readonly sqlite: readonly string[];
  readonly postgres: readonly string[];
}
