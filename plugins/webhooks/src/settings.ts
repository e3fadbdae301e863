import { addressRules, type AddressRules } from './delivery/addresses';

/** What the operator says of deliveries, read; times are in milliseconds. */
export interface Settings {
  readonly addresses: AddressRules;
  /** Whether a webhook may use http://, or leave a certificate unverified. */
  readonly allowInsecure: boolean;
  readonly timeout: number;
  readonly attempts: number;
  readonly retryAfter: number;
  readonly concurrency: number;
}

/** Reads the configuration, whose kinds the kernel has checked; a number or a network that means nothing stops the start. */
export function readSettings(config: Readonly<Record<string, unknown>>): Settings {
  const number = (name: string, otherwise: number, most: number): number => {
    const value = config[name] ?? otherwise;
    if (typeof value === 'number' && value >= 1 && value <= most) return value;
    throw new TypeError(`${name} must be from 1 to ${most}.`);
  };
  const networks = String(config['allow'] ?? '').split(/[\s,]+/);
  return {
    addresses: addressRules(networks.filter((network) => network !== '')),
    allowInsecure: config['allow_insecure'] === true,
    timeout: number('timeout', 10, 120) * 1000,
    attempts: number('attempts', 10, 100),
    retryAfter: number('retry_after', 10, 3600) * 1000,
    concurrency: number('concurrency', 8, 64),
  };
}
