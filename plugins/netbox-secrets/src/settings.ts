import type { OperatorKey } from './service/operator-key';
import type { SessionLimits } from './service/sessions';

/** What the operator may say of the plugin, read. */
export interface Settings {
  /** Whether clients may send their private key: `auto` is yes where the host is reached from its own machine alone. */
  readonly legacyUnlock: 'auto' | 'on' | 'off';
  /** The version of NetBox whose shapes are shown to who asks for none. */
  readonly version: '2.9' | '2.11';
  readonly sessions: SessionLimits;
  /** What the host itself opens stored secrets with; undefined where it does not. */
  readonly operatorKey: OperatorKey | undefined;
}

const day = 86_400;

/** Reads the configuration, whose kinds the kernel has checked; a number that means nothing stops the start. */
export function readSettings(config: Readonly<Record<string, unknown>>): Settings {
  const number = (name: string, otherwise: number, [least, most]: readonly [number, number]): number => {
    const value = config[name] ?? otherwise;
    if (typeof value === 'number' && value >= least && value <= most) return value;
    throw new TypeError(`${name} must be from ${least} to ${most}.`);
  };
  const seconds = (name: string): number => number(name, 8 * 3600, [60, 365 * day]) * 1000;
  const { operator_user: user, operator_key_file: file } = config;
  return {
    operatorKey: typeof user === 'string' && typeof file === 'string' ? { user, file } : undefined,
    legacyUnlock: (config['legacy_unlock'] ?? 'auto') as Settings['legacyUnlock'],
    version: (config['version'] ?? '2.9') as Settings['version'],
    sessions: {
      life: seconds('session_life'),
      idle: seconds('session_idle'),
      most: number('sessions_per_user', 1000, [1, 100_000]),
    },
  };
}
