import 'reflect-metadata';
import { container as root, injectable } from 'tsyringe';
import type { PluginContext, UseClass } from '../plugin';

/** Mark a class that a plugin contributes as one to build, and name what its constructor wants. */
export { inject, injectable } from 'tsyringe';

const isClass = <T>(given: T | UseClass<T>): given is UseClass<T> =>
  typeof given === 'object' && given !== null && 'useClass' in given;

// A plugin may carry its own tsyringe: its decorators left their metadata on the class (through the shared Reflect),
// but this copy has not seen the class. Decorating it here, with the same metadata, makes it known.
const known = <T>(useClass: UseClass<T>['useClass']) => {
  injectable()(useClass as new (...dependencies: unknown[]) => T);
  return useClass as new (...dependencies: unknown[]) => T;
};

/**
 * Opens the container of one plugin; a child of nothing shared, so that plugins cannot reach each other through it. It
 * is dropped, never disposed: tsyringe disposes what it happened to resolve first, so disposal is the kernel's alone.
 */
export function createPluginContainer() {
  const child = root.createChildContainer();
  const provide: PluginContext['provide'] = (token, given) => {
    if ('useClass' in given) child.registerSingleton(token, known(given.useClass));
    else child.register(token, { useValue: given.useValue });
  };
  /** The value that was given, or one of the class that was given in its place. */
  const make = <T>(given: T | UseClass<T>): T => (isClass(given) ? child.resolve(known(given.useClass)) : given);
  return { provide, make };
}
