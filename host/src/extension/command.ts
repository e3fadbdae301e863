/**
 * A command of a plugin, as data: `latchkey` finds it in the module that the package exports as `./commands`, under the
 * name `commands`, and talks to the host for it; the module imports nothing that is slow.
 */
export interface PluginCommand {
  /** The words that call it, then its arguments: `library lend <book>`. The first word is the plugin's own. */
  readonly usage: string;
  /** One line, lower case, without a full stop. */
  readonly summary: string;
  /** How each is written, what it says, and whether it may be repeated. */
  readonly options?: readonly (readonly [flags: string, help: string, repeat?: 'repeat'])[];
  /** Command lines after `latchkey`, at least one. */
  readonly examples: readonly string[];
  /** What its first word stands for, where it has several: shown in the help, lower case, without a full stop. */
  readonly family?: string;
  /** More text at the end of its help. */
  readonly more?: string;
  run(call: PluginCall): Promise<PluginReport>;
}

/** How a command of a plugin may fail: each has its exit code. */
export type PluginFailure = 'no' | 'usage' | 'not-found' | 'refused' | 'conflict' | 'invalid' | 'host';

/** What a plugin's command is called with. */
export interface PluginCall {
  /** An argument that must be given. */
  text(name: string): string;
  /** An argument or an option that may be given. */
  maybe(name: string): string | undefined;
  list(name: string): readonly string[];
  /** Whether an option without a value was given. */
  isOn(name: string): boolean;
  /**
   * The text of the file that an argument or an option names, `-` for standard input, without one line end at its end;
   * undefined where it was not given. So a password or a key is in no list of processes and in no history of a shell.
   */
  fileText(name: string): string | undefined;
  /** An error to throw: it ends the command with the exit code of its kind, and says what happened and what to do. */
  failure(kind: PluginFailure, message: string, remedy: string): Error;
  /** Tells a person something beside the answer, at once. */
  note(text: string): void;
  /**
   * Asks the host that runs on the data folder, or one that is opened for the command, as its superuser. An answer that
   * refuses is thrown, with the exit code that says what kind it is.
   */
  request<T = unknown>(method: 'GET' | 'POST' | 'PATCH' | 'DELETE', path: string, body?: unknown): Promise<T>;
}

/** What a command comes to: what `--output json` prints, and what a person sees. */
export interface PluginReport {
  readonly json?: unknown;
  readonly shown?: readonly (
    | string
    | { readonly columns: readonly string[]; readonly rows: readonly (readonly unknown[])[] }
  )[];
  /** False where the command did its work and what it found is bad; the exit code is then 1. */
  readonly good?: boolean;
}
