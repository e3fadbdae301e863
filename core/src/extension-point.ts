/** A typed slot that plugins fill. */
export interface ExtensionPoint<T> {
  /** Its name across packages, kebab-case. */
  readonly id: string;
  /** The contribution's name at this point; two contributions with one key are refused. */
  readonly key?: (contribution: T) => string;
  /** What is wrong with a contribution, or undefined. */
  readonly fault?: (contribution: T) => string | undefined;
}

/** Declares an extension point. */
export function extensionPoint<T>(point: ExtensionPoint<T>): ExtensionPoint<T> {
  return Object.freeze({ ...point });
}

/** Whether it may name a plugin or a contribution. */
export const isKebabCase = (name: unknown): name is string =>
  typeof name === 'string' && /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(name);
