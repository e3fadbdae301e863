/** Facts that accompany a log line; scalars only, and never a secret's value or a rendered parameter. */
export type LogFields = Readonly<Record<string, string | number | boolean | undefined>>;

type Log = (message: string, fields?: LogFields) => void;

/** Where core and plugins write their log lines. */
export type Logger = Readonly<Record<'debug' | 'info' | 'warn' | 'error', Log>>;

const nothing = (): void => {};

/** A logger that drops every line. */
export const silentLogger: Logger = { debug: nothing, info: nothing, warn: nothing, error: nothing };

/** A logger whose lines all carry these fields too. */
export function withFields(logger: Logger, more: LogFields): Logger {
  function at(level: keyof Logger): Log {
    return (message, fields) => logger[level](message, { ...fields, ...more });
  }
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
}
