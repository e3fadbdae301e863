export { extensionPoint, type ExtensionPoint } from './extension-point';
export {
  coreErrors,
  fill,
  LatchkeyError,
  ProviderFailure,
  SecretAccessDeniedError,
  SecretError,
  SecretParametersError,
  SecretProviderError,
  SecretValueNotFoundError,
  type CoreErrorCode,
  type ErrorRow,
  type ProviderFailureCode,
} from './errors';
export { inject, injectable } from './kernel/container';
export { silentLogger, type LogFields, type Logger } from './logger';
export {
  parameter,
  type Parameter,
  type ParameterFault,
  type ParameterOptions,
  type ParameterShape,
  type ParameterValues,
} from './parameters';
export {
  definePlugin,
  pluginConfig,
  pluginLogger,
  type HostBoundary,
  type LifecycleContext,
  type Plugin,
  type PluginContext,
  type UseClass,
} from './plugin';
export { SecretValue } from './secret-value';
export {
  defineProvider,
  secretsProviders,
  type Fetched,
  type FetchRequest,
  type SecretsProvider,
} from './contracts/secrets-provider';
export type { Slot } from './slots';
