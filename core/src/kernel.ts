export { createKernel, type Kernel, type KernelOptions, type KernelStartError } from './kernel/create-kernel';
export type { PluginSource } from './kernel/discovery';
export type { Contribution, Lease, PluginFacts } from './kernel/registry';
export type { ReportLine, StartupReport } from './kernel/report';
export {
  createResolver,
  type Resolver,
  type ResolverOptions,
  type ResolveOptions,
  type SecretDefinition,
} from './resolution/create-resolver';
export type { StoreSettings } from './resolution/stores';
export { coreError, errorsOf, safeCause, type ErrorRow } from './errors';
export { parametersSchema } from './parameters';
export {
  isTemplate,
  parseTemplate,
  templateContext,
  TemplateRenderError,
  TemplateSyntaxError,
  type Template,
  type TemplateContext,
} from './templates';
