export { createHost, type Host } from './compose';
export type { HostReport } from './host-report';
export { readConfig, shippedPlugins, type HostConfig } from './config';
export type { By, CheckResult, GroupHandle, ReadOptions, SecretHandle, Session, SlotOptions } from './session';
