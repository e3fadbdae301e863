import type { PluginFacts } from '../manifest';

/** What became of one plugin. */
export interface ReportLine extends PluginFacts {
  readonly status: 'loaded' | 'skipped' | 'failed';
  readonly reason?: string;
  /** The code of the error behind a failure. */
  readonly code?: string;
  readonly milliseconds: number;
}

/** What became of every plugin: data, and a line a plugin as text. */
export class StartupReport {
  constructor(readonly lines: readonly ReportLine[]) {}

  toString(): string {
    const width = Math.max(...this.lines.map(({ id }) => id.length), 0);
    const print = ({ status, id, package: name, version, milliseconds, reason = '' }: ReportLine) =>
      `${status} ${id.padEnd(width)} ${name} ${version} ${Math.round(milliseconds)} ms${reason && `: ${reason}`}`;
    return this.lines.map(print).join('\n');
  }
}
