import type { Logger } from '@latchkey/core';
import { safeCause, type StartupReport } from '@latchkey/core/kernel';

/** Whether a host can serve. */
export interface Readiness {
  readonly ready: boolean;
  readonly checks: Readonly<Record<string, boolean>>;
  /** What does not work, and why; for the operator alone. */
  readonly faults?: readonly string[];
}

/** What readiness is asked of. */
export interface ReadinessParts {
  /** Parts that a ready host needs; each settles when its part works. */
  readonly checks: Readonly<Record<string, () => Promise<unknown>>>;
  readonly report: () => StartupReport;
  readonly stopping: () => boolean;
  readonly logger: Logger;
  /** Milliseconds that a check may take; 2000 by default. */
  readonly limit?: number;
}

/** Makes what tells whether the host can serve; when that changes, it is logged with its reasons. */
export function createReadiness({ checks, report, stopping, logger, limit = 2_000 }: ReadinessParts) {
  let before = '';

  async function faultOf([name, works]: [string, () => Promise<unknown>]): Promise<[string, string | undefined]> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<string>((resolve) => {
      timer = setTimeout(() => resolve(`no answer within ${limit} ms`), limit);
    });
    // Begun in a promise, since a check may throw before it gives one.
    const work = Promise.resolve()
      .then(works)
      .then(
        () => undefined,
        (error: unknown) => safeCause(error).message,
      );
    const fault = await Promise.race([work, late]);
    clearTimeout(timer);
    return [name, fault];
  }

  async function ask(): Promise<Readiness> {
    const failed = report().lines.filter(({ status }) => status === 'failed');
    const told: [string, string | undefined][] = [
      ...(await Promise.all(Object.entries(checks).map(faultOf))),
      ['plugins', failed.length === 0 ? undefined : `failed: ${failed.map(({ id }) => id).join(', ')}`],
      ...(stopping() ? [['host', 'is stopping'] as [string, string]] : []),
    ];
    const faults = told.flatMap(([name, fault]) => (fault === undefined ? [] : [`${name}: ${fault}`]));
    const now = faults.join('; ');
    if (now !== before) {
      if (now === '') logger.info('Ready');
      else logger.warn('Not ready', { faults: now });
      before = now;
    }
    const states = Object.fromEntries(told.map(([name, fault]) => [name, fault === undefined]));
    return { ready: faults.length === 0, checks: states, faults };
  }

  // However many ask at once, each part is asked once.
  let asking: Promise<Readiness> | undefined;
  return (): Promise<Readiness> => (asking ??= ask().finally(() => (asking = undefined)));
}
