import { fold } from '../domain/fold';
import { neighbourhood } from './networks';

/** How many failures are let go. */
export interface AttemptLimits {
  /** How long a failure counts, in milliseconds. */
  readonly window: number;
  readonly perAddress: number;
  readonly perAccount: number;
  /** The most accounts, addresses and acquaintances that are kept in mind; the oldest are forgotten. */
  readonly kept: number;
}

/** One attempt to sign in: which account, as it was written (empty for a key), and from where. */
export interface Attempt {
  readonly account: string;
  readonly address: string;
}

/** Counts failures to sign in, so that guessing is slow and nobody is locked out by another's. */
export interface Attempts {
  /** How many seconds the attempt has to wait; undefined where it may be made now. */
  wait(attempt: Attempt): number | undefined;
  failed(attempt: Attempt): void;
  succeeded(attempt: Attempt): void;
}

const usual: AttemptLimits = { window: 300_000, perAddress: 20, perAccount: 20, kept: 10_000 };

/**
 * The counters of a host. An address with many failures has to wait. Of an account with many failures only addresses
 * with a failure of their own have to wait, and of those that it has signed in from before only the ones with many; so a
 * right credential from an address without failures always passes, whatever others do.
 */
export function createAttempts(limits: Partial<AttemptLimits> = {}, now: () => number = Date.now): Attempts {
  const { window, perAddress, perAccount, kept } = { ...usual, ...limits };
  const addresses = createCounters(kept, window, now);
  const accounts = createCounters(kept, window, now);
  const known = createMemory<true>(kept);
  const read = ({ account, address }: Attempt) => {
    const [by, at] = [accountKey(account), neighbourhood(address)];
    return { by, at, pair: `${by}\0${at}` };
  };
  return {
    wait(attempt) {
      const { by, at, pair } = read(attempt);
      const pressed = by !== '' && accounts.count(by) >= perAccount && known.get(pair) === undefined;
      if (addresses.count(at) < (pressed ? 1 : perAddress)) return undefined;
      return Math.max(1, Math.ceil((addresses.until(at) - now()) / 1000));
    },
    failed(attempt) {
      const { by, at } = read(attempt);
      if (by !== '') accounts.add(by);
      addresses.add(at);
    },
    succeeded: (attempt) => known.set(read(attempt).pair, true),
  };
}

/** What all spellings of an account's name share. */
export function accountKey(name: string): string {
  const plain = fold(name.slice(0, 1000).normalize('NFKC')).normalize('NFKC');
  return plain.replace(/[\p{C}\p{Z}\p{Default_Ignorable_Code_Point}]/gu, '').slice(0, 150);
}

function createCounters(kept: number, window: number, now: () => number) {
  const counters = createMemory<{ count: number; readonly until: number }>(kept);
  const current = (key: string) => {
    const counter = counters.get(key);
    return counter && counter.until > now() ? counter : undefined;
  };
  return {
    count: (key: string): number => current(key)?.count ?? 0,
    until: (key: string): number => current(key)?.until ?? 0,
    add(key: string): void {
      const counter = current(key) ?? { count: 0, until: now() + window };
      counter.count += 1;
      counters.set(key, counter);
    },
  };
}

/** A map of bounded size: what was set longest ago goes first. */
export function createMemory<V>(kept: number) {
  const values = new Map<string, V>();
  return {
    get: (key: string): V | undefined => values.get(key),
    set(key: string, value: V): void {
      values.delete(key);
      values.set(key, value);
      if (values.size > kept) values.delete(values.keys().next().value as string);
    },
  };
}
