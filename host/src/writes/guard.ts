import type { Principal } from '../domain/access';
import type { AnyRow } from '../domain/descriptor';
import type { FieldFaults } from '../domain/failures';
import type { Rows } from '../domain/ports';

/** A change that a guard looks at, in its transaction. */
export interface GuardedChange {
  readonly principal: Principal;
  readonly rows: Rows;
  readonly before: AnyRow | undefined;
  /** The row as it would become; undefined for a removal. */
  readonly after: AnyRow | undefined;
}

/** A rule of a type that needs to know who changes what; says what is wrong. */
export type Guard = (change: GuardedChange) => FieldFaults | undefined | Promise<FieldFaults | undefined>;
