import type { Slot } from '../domain/secrets';

/** What is to be resolved: a secret itself, or what fills a slot of a group. */
export type Target = { readonly secret: string } | { readonly group: string; readonly slot: Slot };

/** An object of the inventory, by id or by type and name. */
export type ObjectReference = { readonly id: string } | { readonly object_type: string; readonly name: string };

/** What surrounds a read. */
export interface ReadContext {
  /** An object of the inventory; the principal must be allowed to view it. */
  readonly object?: ObjectReference | undefined;
  /** Any plain data in an object's place; only for code that runs in the host. */
  readonly obj?: unknown;
  readonly requestId?: string | undefined;
  /** Where the request came from. */
  readonly address?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}
