import type { ReportLine, StartupReport } from '@latchkey/core/kernel';
import { generatesCode, noCodeGeneration } from './code-generation';

/** What became of every plugin, and what an operator should know of the process; as text, a line each. */
export interface HostReport {
  readonly lines: readonly ReportLine[];
  readonly warnings: readonly string[];
  toString(): string;
}

/** What an operator should know of this process. */
export function processWarnings(mayGenerateCode = generatesCode()): readonly string[] {
  return mayGenerateCode ? [`this process may compile text to code: start node with ${noCodeGeneration}`] : [];
}

/** The report of a kernel with the warnings of its host. */
export function hostReport(kernel: StartupReport, warnings: readonly string[]): HostReport {
  const text = [kernel.toString(), ...warnings.map((warning) => `warning ${warning}`)].filter(Boolean).join('\n');
  return { lines: kernel.lines, warnings, toString: () => text };
}
