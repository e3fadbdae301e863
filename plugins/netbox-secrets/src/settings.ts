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

const seconds = (value: unknown, otherwise: number): number => (typeof value === 'number' ? value : otherwise) * 1000;

/** Reads the configuration, which the kernel has checked against the manifest. */
export function readSettings(config: Readonly<Record<string, unknown>>): Settings {
  const { operator_user: user, operator_key_file: file } = config;
  return {
    operatorKey: typeof user === 'string' && typeof file === 'string' ? { user, file } : undefined,
    legacyUnlock: (config['legacy_unlock'] ?? 'auto') as Settings['legacyUnlock'],
    version: (config['version'] ?? '2.9') as Settings['version'],
    sessions: { life: seconds(config['session_life'], 8 * 3600), idle: seconds(config['session_idle'], 8 * 3600) },
  };
}
