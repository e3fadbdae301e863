import type { HostConfig } from '../config';
import type { Client } from './client';
import type { Notes } from './connect';
import type { Ending } from './exit-codes';
import type { Shown } from './output';

/** What a command is called with. */
export interface Call extends Pick<Notes, 'note'> {
  /** An argument that must be given. */
  text(name: string): string;
  /** An argument or an option that may be given. */
  maybe(name: string): string | undefined;
  /** An option that may be repeated, or the arguments at the end. */
  list(name: string): readonly string[];
  /** Whether `--NAME`, an option without a value, was given. */
  isOn(name: string): boolean;
  /** Whether `--no-NAME` was given. */
  isOff(name: string): boolean;
  /** The host, found or opened at the first request. */
  readonly client: Client;
  /** Closes the host that this command opened, so that what follows does not hold it. */
  release(): Promise<void>;
  /** The configuration, with more settings over it. */
  config(overrides?: Readonly<Record<string, unknown>>): HostConfig;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** What a command comes to. */
export interface Report {
  /** What is printed with `--output json`; nothing when undefined. */
  readonly json?: unknown;
  readonly shown?: readonly Shown[];
  readonly ending?: Ending;
  /** The exit code where it is not of this program. */
  readonly code?: number;
}

/** An option: how it is written, what it says, and whether it may be repeated. */
export type OptionSpec = readonly [flags: string, help: string, repeat?: 'repeat'];

/** One command, as a row of the table that the program is made of. */
export interface CommandSpec {
  /** The words that call it, then its arguments: `secret show <secret>`. */
  readonly usage: string;
  readonly summary: string;
  readonly options?: readonly OptionSpec[];
  /** Command lines after `latchkey`. */
  readonly examples: readonly string[];
  /** What its first word stands for, where it is not one of the host's. */
  readonly family?: string;
  /** More text at the end of its help. */
  readonly more?: () => string;
  run(call: Call): Promise<Report>;
}
