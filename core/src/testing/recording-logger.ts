import type { LogFields, Logger } from '../logger';

/** One line that a plugin logged. */
export interface LoggedLine {
  readonly level: keyof Logger;
  readonly message: string;
  readonly fields: LogFields;
}

/** A logger that keeps what it is given. */
export interface RecordingLogger extends Logger {
  readonly lines: readonly LoggedLine[];
}

/** Makes a logger whose lines a test can read. */
export function recordingLogger(): RecordingLogger {
  const lines: LoggedLine[] = [];
  const at =
    (level: keyof Logger): Logger['info'] =>
    (message, fields = {}) =>
      void lines.push({ level, message, fields });
  return { lines, debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
}
