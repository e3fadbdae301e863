import type { HostConfig } from '../../config';
import type { Known } from '../../persistence/plan';

/** How bad it is. */
export type Verdict = 'ok' | 'warn' | 'bad';

/** What a check found, and what to do about it. */
export interface Finding {
  readonly check: string;
  readonly result: Verdict;
  readonly detail: string;
  readonly remedy?: string;
}

/** What the checks look at. */
export interface Patient {
  readonly config: HostConfig;
  /** The socket of the host that runs on the data folder, if one does. */
  readonly socket: string | undefined;
  /** What the plugins add; what the host alone has where they are not loaded here. */
  readonly known: Known;
}

/** A check by its name; what it throws is a finding, too. */
export type Check = readonly [name: string, examine: (patient: Patient) => Promise<readonly Result[]>];

/** A finding before it has the name of its check. */
export type Result = Omit<Finding, 'check'>;

/** Nothing to do. */
export const ok = (detail: string): Result => ({ result: 'ok', detail });
/** It works, and should be seen to. */
export const warn = (detail: string, remedy: string): Result => ({ result: 'warn', detail, remedy });
/** It does not work, or is not safe. */
export const bad = (detail: string, remedy: string): Result => ({ result: 'bad', detail, remedy });
