export { createKernel, type Kernel, type KernelOptions, type KernelStartError } from './kernel/create-kernel';
export type { PluginSource } from './kernel/discovery';
export type { Contribution, Lease, PluginFacts } from './kernel/registry';
export type { ReportLine, StartupReport } from './kernel/report';
