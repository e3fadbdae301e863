import type { SecretValue } from '@latchkey/core';
import type { RowOf, TypeDescriptor } from './domain/descriptor';
import { objectType, type InventoryObject } from './domain/inventory';
import { secretsGroupType, secretType, type Secret, type SecretsGroup } from './domain/secrets';
import { hostError } from './errors';
import type { Policy } from './permissions/policy';
import { judge } from './permissions/related';
import type { Resolution } from './resolution/create-resolution';
import type { Definitions } from './resolution/definitions';
import type { Explanation } from './resolution/explain';
import type { Acting } from './resolution/principals';
import type { ObjectReference, ReadContext, Target } from './resolution/target';

/** What a read is for. */
export interface ReadOptions {
  /**
   * The object that asks. One got from `session.objects` is looked up anew and must be visible; any other data is
   * seen by templates as it is, and takes the right to stand in for an object, which `host.system()` has.
   */
  readonly obj?: unknown;
  /** The object that asks, as an address in the inventory. */
  readonly object?: ObjectReference;
  readonly signal?: AbortSignal;
}

/** A slot of a group. */
export interface SlotOptions extends ReadOptions {
  readonly accessType: string;
  readonly secretType: string;
}

/** What came of a check. */
export interface CheckResult {
  readonly result: boolean;
  readonly message: string;
}

/** A secret, held by a principal. It has no value in it; each call decides, fetches and records anew. */
export interface SecretHandle extends Pick<Secret, 'id' | 'name' | 'slug' | 'description' | 'provider'> {
  /** The value, once its record is on disk; otherwise throws a SecretError. */
  getValue(options?: ReadOptions): Promise<SecretValue>;
  /** Fetches and discards. */
  check(options?: ReadOptions): Promise<CheckResult>;
  /** Every decision, without a fetch. */
  explain(options?: ReadOptions): Promise<Explanation>;
}

/** A secrets group, held by a principal. */
export interface GroupHandle extends Pick<SecretsGroup, 'id' | 'name' | 'slug' | 'description'> {
  getSecretValue(options: SlotOptions): Promise<SecretValue>;
  check(options: SlotOptions): Promise<CheckResult>;
  explain(options: SlotOptions): Promise<Explanation>;
}

/** How a row is addressed: by exactly one of its unique fields. */
export type By = { readonly id: string } | { readonly slug: string } | { readonly name: string };

/** Secrets, groups and objects as one principal sees them. */
export interface Session {
  readonly secrets: { get(by: By): Promise<SecretHandle> };
  readonly groups: { get(by: By): Promise<GroupHandle> };
  readonly objects: { get(by: ObjectReference): Promise<InventoryObject> };
}

/** What sessions are made of. */
export interface SessionParts {
  readonly definitions: Definitions;
  readonly policy: Policy;
  readonly resolution: Resolution;
}

// Objects that came out of a session, so that an object of the inventory is told from data of the caller's own.
const fromInventory = new WeakSet<object>();

/** Opens a session for who acts. */
export function createSession({ definitions, policy, resolution }: SessionParts, acting: Acting): Session {
  async function find<T extends TypeDescriptor>(type: T, by: Readonly<Record<string, string>>): Promise<RowOf<T>> {
    const lookUp = async () => {
      const principal = await acting();
      const row = await definitions.get(type, by as Partial<RowOf<T>>);
      const view = { principal, action: 'view', type, before: row as never } as const;
      return row && (await judge(policy, definitions, view)).allowed ? row : undefined;
    };
    const began = definitions.version;
    let row = await lookUp();
    if (!row) {
      await definitions.refresh();
      // By the version and not by what the refresh says: it may have moved, told by the database, while the row was read.
      if (definitions.version !== began) row = await lookUp();
    }
    if (row) return row;
    const criteria = Object.entries(by).map(([field, value]) => `${field} "${value}"`);
    throw hostError('no-such-row', { type: type.label, criteria: criteria.join(', ') });
  }

  const contextOf = ({ obj, object, signal }: ReadOptions = {}): ReadContext => {
    const known = typeof obj === 'object' && obj !== null && fromInventory.has(obj);
    return { object: known ? { id: (obj as InventoryObject).id } : object, obj: known ? undefined : obj, signal };
  };
  const secretTarget = (id: string): Target => ({ secret: id });
  const slotTarget = (group: string, { accessType, secretType: type }: SlotOptions): Target => ({
    group,
    slot: { accessType, secretType: type },
  });

  return {
    secrets: {
      async get(by) {
        const { id, name, slug, description, provider } = await find(secretType, { ...by });
        return Object.freeze({
          id,
          name,
          slug,
          description,
          provider,
          getValue: (options?: ReadOptions) => resolution.use(acting, secretTarget(id), contextOf(options)),
          check: (options?: ReadOptions) => resolution.check(acting, secretTarget(id), contextOf(options)),
          explain: (options?: ReadOptions) => resolution.explain(acting, secretTarget(id), contextOf(options)),
        });
      },
    },
    groups: {
      async get(by) {
        const { id, name, slug, description } = await find(secretsGroupType, { ...by });
        return Object.freeze({
          id,
          name,
          slug,
          description,
          getSecretValue: (options: SlotOptions) => resolution.use(acting, slotTarget(id, options), contextOf(options)),
          check: (options: SlotOptions) => resolution.check(acting, slotTarget(id, options), contextOf(options)),
          explain: (options: SlotOptions) => resolution.explain(acting, slotTarget(id, options), contextOf(options)),
        });
      },
    },
    objects: {
      async get(by) {
        const object = await find(objectType, { ...by });
        fromInventory.add(object);
        return object;
      },
    },
  };
}
