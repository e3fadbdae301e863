import { createKernel, type Kernel, type KernelOptions } from '../kernel/create-kernel';
import type { StartupReport } from '../kernel/report';
import { recordingLogger, type RecordingLogger } from './recording-logger';

/** A started kernel and what its plugins logged. */
export interface TestKernel {
  readonly kernel: Kernel;
  readonly report: StartupReport;
  readonly logger: RecordingLogger;
}

/** Starts a real kernel with some plugins and a logger that records; stop it with `kernel.stop()`. */
export async function bootTestKernel(options: Omit<KernelOptions, 'logger'>): Promise<TestKernel> {
  const logger = recordingLogger();
  const kernel = createKernel({ ...options, logger });
  return { kernel, report: await kernel.start(), logger };
}
