import { lookup as systemLookup, type LookupAddress, type LookupOptions } from 'node:dns';
import type { LookupFunction } from 'node:net';
import type { AddressRules } from './addresses';

/** Resolves a name to all its addresses, as `dns.lookup` with `all` does. */
export type Resolve = (
  name: string,
  options: LookupOptions & { all: true },
  done: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
) => void;

/** An address that is not sent to. */
export class RefusedAddress extends Error {
  constructor() {
    super('The address is not public, and the operator does not allow it.');
    this.name = 'RefusedAddress';
  }
}

/**
 * What a connection resolves its name by: the addresses that were checked are those that are connected to, so that a name
 * cannot mean another one by then. A name with one refused address is refused.
 */
export function guardedLookup(rules: AddressRules, resolve: Resolve = systemLookup): LookupFunction {
  return (name, options, done) => {
    resolve(name, { ...options, all: true }, (error, addresses) => {
      const [one] = error ? [] : addresses;
      if (!one) return done(error ?? new RefusedAddress(), []);
      if (!addresses.every(({ address }) => rules.allows(address))) return done(new RefusedAddress(), []);
      if (options.all) return done(null, addresses);
      done(null, one.address, one.family);
    });
  };
}
