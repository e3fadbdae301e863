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
  run(call: PluginCall): Promise<PluginReport>;
}

/** What a plugin's command is called with. */
export interface PluginCall {
  /** An argument that must be given. */
  text(name: string): string;
  /** An argument or an option that may be given. */
  maybe(name: string): string | undefined;
  list(name: string): readonly string[];
  /** Whether an option without a value was given. */
  isOn(name: string): boolean;
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
