import { inspect } from 'node:util';
import { coreError } from './errors';

const mark = '[REDACTED]';
const brand = Symbol.for('latchkey.secret-value');

/**
 * A secret's value that cannot be printed by accident: every conversion gives a mark, a clone carries nothing, and
 * only {@link SecretValue.reveal} or {@link SecretValue.revealBytes}, called on purpose, give the value.
 */
export class SecretValue {
  readonly #value: string | Uint8Array;

  constructor(value: string | Uint8Array) {
    this.#value = typeof value === 'string' ? value : Uint8Array.from(value);
    Object.freeze(this);
  }

  /** Whether the provider gave text or bytes. */
  get kind(): 'text' | 'bytes' {
    return typeof this.#value === 'string' ? 'text' : 'bytes';
  }

  /** The value as text; bytes are read as strict UTF-8 and refused with code `malformed` when they are not. */
  reveal(): string {
    if (typeof this.#value === 'string') return this.#value;
    try {
      return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(this.#value);
    } catch {
      throw coreError('malformed');
    }
  }

  /** The value as a fresh copy of its bytes; text is encoded as UTF-8. */
  revealBytes(): Uint8Array {
    return typeof this.#value === 'string' ? new TextEncoder().encode(this.#value) : Uint8Array.from(this.#value);
  }

  [inspect.custom](): string {
    return `SecretValue ${mark}`;
  }

  get [Symbol.toStringTag](): string {
    return 'SecretValue';
  }

  get [brand](): true {
    return true;
  }

  /** True for a secret value of this or another copy of core. */
  static is(value: unknown): value is SecretValue {
    return typeof value === 'object' && value !== null && brand in value;
  }
}

// Not methods of the class, so that nobody can put another in their place.
for (const conversion of ['toString', 'toJSON', 'valueOf', Symbol.toPrimitive])
  Object.defineProperty(SecretValue.prototype, conversion, { value: () => mark });
