export { bootTestKernel, type TestKernel } from './testing/boot-test-kernel';
export { describeProvider, type DescribeProviderOptions } from './testing/describe-provider';
export type { ProviderCase } from './testing/provider-session';
export { recordingLogger, type LoggedLine, type RecordingLogger } from './testing/recording-logger';
export { providerRequirements, type RequirementNumber } from './testing/requirements';
