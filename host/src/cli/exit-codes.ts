/** How a command ends: the exit code, and what it says. */
export const exitCodes = {
  ok: [0, 'done; the answer is yes'],
  no: [1, 'the answer is no: a check failed, a value cannot be had, the command of run did not start'],
  usage: [2, 'the command line is not understood'],
  'not-found': [3, 'there is no such secret, group, slot, object, user, token or permission'],
  refused: [4, 'not allowed'],
  conflict: [5, 'in use elsewhere, or changed meanwhile'],
  invalid: [6, 'the input breaks a rule'],
  host: [7, 'the host or its configuration failed'],
} as const satisfies Record<string, readonly [code: number, meaning: string]>;

/** A way to end. */
export type Ending = keyof typeof exitCodes;

/** The table of exit codes as text, a line each. */
export function exitCodeLines(): string[] {
  return Object.values(exitCodes).map(([code, meaning]) => `  ${code}  ${meaning}`);
}

/** A command that cannot go on: how it ends, what happened, and what to do next. */
export class CommandError extends Error {
  constructor(
    readonly ending: Exclude<Ending, 'ok'>,
    message: string,
    readonly remedy: string,
  ) {
    super(message);
    this.name = 'CommandError';
  }
}
