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
