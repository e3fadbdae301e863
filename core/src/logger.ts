/** Facts that accompany a log line; scalars only, and never a secret's value or a rendered parameter. */
export type LogFields = Readonly<Record<string, string | number | boolean | undefined>>;

/** Where core and plugins write their log lines. */
export interface Logger {
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
}

const nothing = (): void => {};

/** A logger that drops every line. */
export const silentLogger: Logger = { debug: nothing, info: nothing, warn: nothing, error: nothing };

/** A logger whose lines all carry these fields too. */
export function withFields(logger: Logger, more: LogFields): Logger {
  function at(level: keyof Logger): Logger['info'] {
    return (message, fields) => logger[level](message, { ...fields, ...more });
  }
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
}
