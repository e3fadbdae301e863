import { defineProvider, parameter, type HostBoundary } from '@latchkey/core';
import { matchesName } from './name-patterns';

/** What the operator and the host say about the variables that may be read. */
export interface EnvironmentVariableOptions {
  /** The only names that may be read, `PREFIX*` included; without them every name that is not protected. */
  readonly names?: readonly string[] | undefined;
  readonly boundary?: Pick<HostBoundary, 'environment'>;
  readonly environment?: Readonly<Record<string, string | undefined>>;
}

/** Makes the provider that reads variables of the process; a protected name answers as an undefined one does. */
export function environmentVariable(options: EnvironmentVariableOptions = {}) {
  const { names, environment = process.env } = options;
  // In capitals, because some systems do not tell the case of a variable's name.
  const hosts = ['LATCHKEY_*', ...(options.boundary?.environment ?? [])].map((name) => name.toUpperCase());
  const mayRead = (name: string) =>
    !matchesName(hosts, name.toUpperCase()) && (names === undefined || matchesName(names, name));
  return defineProvider({
    slug: 'environment-variable',
    name: 'Environment Variable',
    className: 'EnvironmentVariableSecretsProvider',
    parameters: { variable: parameter.text('Environment variable name', { slot: 'env-name', example: 'GIT_TOKEN' }) },
    notFound: 'Undefined environment variable "{variable}"!',
    fetch: ({ parameters: { variable } }) =>
      mayRead(variable) && Object.hasOwn(environment, variable) ? environment[variable] : undefined,
  });
}
