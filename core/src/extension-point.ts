/** A typed slot that plugins fill. */
export interface ExtensionPoint<T> {
  readonly id: string;
  /** The contribution's name at this point; two contributions with one key are refused. */
  readonly key: ((contribution: T) => string) | undefined;
  /** What is wrong with a contribution, or undefined. */
  readonly fault: ((contribution: T) => string | undefined) | undefined;
}

/** Declares an extension point; `id` is its name across packages, kebab-case. */
export function extensionPoint<T>(options: {
  id: string;
  key?: (contribution: T) => string;
  fault?: (contribution: T) => string | undefined;
}): ExtensionPoint<T> {
  return Object.freeze({ id: options.id, key: options.key, fault: options.fault });
}
