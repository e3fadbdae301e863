import { safeCause } from '../errors';

/** What {@link within} gives when the limit passed first. */
export const late = new Error('late');

/** Runs strangers' work under a time limit; its signal aborts at the limit. Gives what went wrong and never throws. */
export async function within(ms: number, work: (signal: AbortSignal) => unknown): Promise<Error | undefined> {
  const controller = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<Error>((resolve) => (timer = setTimeout(resolve, ms, late)));
  const done = (async () => void (await work(controller.signal)))().catch(safeCause);
  const outcome = await Promise.race([done, limit]);
  clearTimeout(timer);
  if (outcome === late) controller.abort();
  return outcome ?? undefined;
}
