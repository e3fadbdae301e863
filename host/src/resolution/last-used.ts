import { tokenType, userType } from '../domain/access';
import type { UnitOfWork } from '../domain/ports';

/** Notes when tokens and passwords were last used. */
export interface LastUsed {
  token(id: string): void;
  login(user: string): void;
  /** Writes what was noted; what cannot be written now is written later. */
  flush(): Promise<void>;
  close(): Promise<void>;
}

/** What {@link createLastUsed} may be told. */
export interface LastUsedOptions {
  readonly now?: () => number;
  /** How often it is written, in milliseconds. Each writing makes every host read its definitions anew. */
  readonly interval?: number;
}

const most = 500;

/** Gathers uses and writes them once a minute, outside of any request: no read ever waits for it. */
export function createLastUsed(
  unitOfWork: Pick<UnitOfWork, 'run'>,
  { now = Date.now, interval = 60_000 }: LastUsedOptions = {},
): LastUsed {
  const tokens = new Map<string, string>();
  const logins = new Map<string, string>();
  let timer: NodeJS.Timeout | undefined;

  const schedule = (): void => {
    timer ??= setTimeout(() => void flush(), interval).unref();
  };
  const note = (uses: Map<string, string>, id: string): void => {
    if (uses.size < most || uses.has(id)) uses.set(id, new Date(now()).toISOString());
    schedule();
  };
  const flush = async (): Promise<void> => {
    clearTimeout(timer);
    timer = undefined;
    if (tokens.size + logins.size === 0) return;
    const [usedTokens, usedLogins] = [new Map(tokens), new Map(logins)];
    tokens.clear();
    logins.clear();
    try {
      await unitOfWork.run(async (tx) => {
        for (const [id, last_used] of usedTokens)
          if (await tx.get(tokenType, { id })) await tx.update(tokenType, id, { last_used });
        for (const [id, last_login] of usedLogins)
          if (await tx.get(userType, { id })) await tx.update(userType, id, { last_login });
      });
    } catch {
      for (const [id, time] of usedTokens) if (!tokens.has(id)) tokens.set(id, time);
      for (const [id, time] of usedLogins) if (!logins.has(id)) logins.set(id, time);
      schedule();
    }
  };
  return {
    token: (id) => note(tokens, id),
    login: (id) => note(logins, id),
    flush,
    async close() {
      await flush();
      clearTimeout(timer);
    },
  };
}
