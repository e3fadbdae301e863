import type { Keyring } from '../crypto/keyring';

/** A session that was looked at: what it opens, whose it is, and until when it may be believed without another look. */
interface Known {
  readonly keyring: Keyring;
  readonly user: string;
  readonly until: number;
}

const most = 1000;
/** How long a session is believed without another look at its row, in milliseconds: a revoke elsewhere acts within it. */
export const believed = 1000;

/** The sessions that are in use, in memory, bounded; what is forgotten is looked up again. */
export function createSessionCache(now: () => number = () => Date.now()) {
  const known = new Map<string, Known>();
  let distrusted = 0;
  return {
    get(key: string): Known | undefined {
      const found = known.get(key);
      if (found && found.until > now()) return found;
      known.delete(key);
      return undefined;
    },
    keep(key: string, found: Omit<Known, 'until'>, ends: number): void {
      // Right after a change that is not committed yet, what was read may be what it ends.
      if (now() < distrusted) return;
      known.delete(key);
      known.set(key, { ...found, until: Math.min(now() + believed, ends) });
      const [oldest] = known.keys();
      if (known.size > most && oldest !== undefined) known.delete(oldest);
    },
    /** Forgets everything, and believes nothing that is read before a change under way is through. */
    forget(): void {
      known.clear();
      distrusted = now() + believed;
    },
  };
}

/** The cache, as sessions use it. */
export type SessionCache = ReturnType<typeof createSessionCache>;
