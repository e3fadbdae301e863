import type { GraphQLError } from 'graphql';
import { limits, tooMuch } from './limits';

const sizes = new WeakMap<object, number>();

/**
 * Counts what a request costs. Past the limit nothing more is read or shown for it, and the answer is {@link fault} in the
 * place of all; nothing is thrown, since thousands of fields may find out at once.
 */
export class Budget {
  #left: number = limits.cost;

  get exceeded(): boolean {
    return this.#left < 0;
  }

  /** Whether the request may have that much more. */
  spend(cost: number): boolean {
    this.#left -= cost;
    return !this.exceeded;
  }

  /** Counts the length of a value that is shown; many rows may show the same one. */
  charge(value: unknown): void {
    if (typeof value === 'string') this.#left -= value.length >> 6;
    else if (typeof value === 'object' && value !== null) {
      const size = sizes.get(value) ?? JSON.stringify(value).length;
      sizes.set(value, size);
      this.#left -= size >> 6;
    }
  }

  /** Why there is no answer. */
  fault(): GraphQLError {
    return tooMuch('asks for too much', limits.cost, 'rows and fields of rows; ask for less at a time, with "limit"');
  }
}
