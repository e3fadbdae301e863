import type { GraphQLError } from 'graphql';
import { limits, tooMuch } from './limits';

const sizes = new WeakMap<object, number>();

/** Counts what a request costs; past the limit nothing more is read for it. */
export class Budget {
  #left: number = limits.cost;

  get exceeded(): boolean {
    return this.#left < 0;
  }

  /** Throws where the request may not have that much. */
  spend(cost: number): void {
    this.#left -= cost;
    if (this.exceeded) throw this.fault();
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

  fault(): GraphQLError {
    return tooMuch('asks for too much', limits.cost, 'rows and fields of rows; ask for less at a time, with "limit"');
  }
}
