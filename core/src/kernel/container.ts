import 'reflect-metadata';
import { container as root, injectable, type DependencyContainer } from 'tsyringe';
import type { UseClass } from '../plugin';

/** Mark a class that a plugin contributes as one to build, and name what its constructor wants. */
export { inject, injectable } from 'tsyringe';

/** The dependencies of one plugin; a child of nothing shared, so that plugins cannot reach each other through it. */
export interface PluginContainer {
  provideValue(token: string | symbol, value: unknown): void;
  provideClass(token: string | symbol, dependency: UseClass<unknown>): void;
  build<T>(dependency: UseClass<T>): T;
}

// A plugin may carry its own tsyringe: its decorators left their metadata on the class (through the shared Reflect),
// but this copy has not seen the class. Decorating it here, with the same metadata, makes it known.
const known = <T>(useClass: UseClass<T>['useClass']) => {
  injectable()(useClass as new (...dependencies: unknown[]) => T);
  return useClass as new (...dependencies: unknown[]) => T;
};

/**
 * Opens the container of one plugin. It is dropped, never disposed: tsyringe disposes what it happened to resolve
 * first, so disposal is the kernel's alone.
 */
export function createPluginContainer(): PluginContainer {
  const child: DependencyContainer = root.createChildContainer();
  return {
    provideValue: (token, value) => void child.register(token, { useValue: value }),
    provideClass: (token, { useClass }) => void child.registerSingleton(token, known(useClass)),
    build: ({ useClass }) => child.resolve(known(useClass)),
  };
}
