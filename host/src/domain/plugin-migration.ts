import type { TypeDescriptor } from './descriptor';

/**
 * One step of a plugin's tables, taken once, in the order of the timestamps, in one transaction with all that is new at a
 * start. What was released is never changed; another step is added.
 */
export interface PluginMigration {
  /** A name that no other migration has, such as `Library`. */
  readonly name: string;
  /** Milliseconds since 1970, of when it was written; the host's own begin at 1795500000000. */
  readonly timestamp: number;
  /** Types whose tables it makes, with their indexes, as they stood when it was written; then the SQL runs. */
  readonly creates?: readonly TypeDescriptor[];
  readonly sqlite?: readonly string[];
  readonly postgres?: readonly string[];
}
