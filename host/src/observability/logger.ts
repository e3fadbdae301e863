import type { LogFields, Logger } from '@latchkey/core';

const levels = ['debug', 'info', 'warn', 'error', 'silent'] as const;

/** How much is logged. */
export type LogLevel = (typeof levels)[number];

/**
 * A logger that writes one JSON object a line to standard error. Its fields are scalars by type, so that no error, row
 * or request can be handed to it whole.
 */
export function createLogger(
  level: LogLevel,
  write: (line: string) => void = (line) => void process.stderr.write(line),
): Logger {
  const log = (at: LogLevel) => {
    if (levels.indexOf(at) < levels.indexOf(level)) return () => {};
    return (message: string, fields?: LogFields) =>
      write(`${JSON.stringify({ time: new Date().toISOString(), level: at, message, ...fields })}\n`);
  };
  return { debug: log('debug'), info: log('info'), warn: log('warn'), error: log('error') };
}
