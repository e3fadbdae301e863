import { hash } from 'node:crypto';
import { createAttempts, createMemory, type Attempts } from '../credentials/attempts';
import { neighbourhood } from '../credentials/networks';
import { TooManyWaiting } from '../credentials/password-check';
import type { Definitions } from '../resolution/definitions';
import type { Principals } from '../resolution/principals';
import type { Authentication, Credentials } from './services';

/** What signing in is made of. */
export interface SignInParts {
  readonly definitions: Pick<Definitions, 'refresh'>;
  readonly principals: Pick<Principals, 'token' | 'password' | 'user'>;
  readonly attempts?: Attempts;
  /** What extensions recognise senders by, asked before tokens are tried. */
  readonly authenticators?: readonly ((credentials: Credentials) => Promise<Recognised | undefined>)[];
}

/** A user whom an extension recognised. */
export interface Recognised {
  readonly user: string;
  readonly mayWrite: boolean;
}

/** Finds out who sends a request. */
export type SignIn = (credentials: Credentials | undefined) => Promise<Authentication>;

const kept = 10_000;
const mostInLine = 50;

/** Makes what finds out who sends a request, within the limits on failures. */
export function createSignIn(parts: SignInParts): SignIn {
  const { definitions, principals, attempts = createAttempts(), authenticators = [] } = parts;
  const inLine = createLines();
  const goodKeys = createMemory<true>(kept);
  const wrongKeys = createMemory<true>(kept);

  async function byKey({ key, address }: Credentials): Promise<Authentication> {
    const id = `${hash('sha256', key, 'base64')} ${address}`;
    // A key that was good from here once is no guess, so that nobody behind one address is locked out by a neighbour.
    const established = goodKeys.get(id) !== undefined;
    const attempt = { account: '', address };
    const wait = established ? undefined : attempts.wait(attempt);
    if (wait !== undefined) return { refused: 'throttled', wait };
    const ask = principals.token(key, address);
    const again = async (): Promise<Authentication> => {
      const answer = await ask();
      return typeof answer === 'string' ? { refused: answer } : { principal: answer, again };
    };
    // A token that any process revoked before this request came is not taken; later moves are seen by its record.
    await definitions.refresh();
    const answer = await again();
    if ('principal' in answer) {
      if (!established) goodKeys.set(id, true);
    } else if (answer.refused === 'invalid' && wrongKeys.get(id) === undefined) {
      // A client that repeats one wrong key for days is broken, not guessing, so it counts once.
      wrongKeys.set(id, true);
      attempts.failed(attempt);
    }
    return answer;
  }

  async function byPassword(name: string, { key: password, address }: Credentials): Promise<Authentication> {
    const attempt = { account: name, address };
    const wait = attempts.wait(attempt);
    if (wait !== undefined) return { refused: 'throttled', wait };
    await definitions.refresh();
    const acting = await principals.password(name, password);
    if (typeof acting === 'string') {
      attempts.failed(attempt);
      return { refused: acting };
    }
    attempts.succeeded(attempt);
    // Checking took its time; who was shut out meanwhile stays out.
    await definitions.refresh();
    const again = async (): Promise<Authentication> => ({ principal: await acting(), again });
    return again();
  }

  async function recognised(credentials: Credentials): Promise<Authentication | undefined> {
    for (const authenticate of authenticators) {
      const found = await authenticate(credentials);
      if (!found) continue;
      const acting = principals.user(found.user);
      await definitions.refresh();
      const again = async (): Promise<Authentication> => {
        const { mayWrite, ...principal } = await acting();
        return { principal: { ...principal, mayWrite: mayWrite && found.mayWrite }, again };
      };
      return again();
    }
    return undefined;
  }

  return async (credentials) => {
    if (!credentials) return { refused: 'none' };
    const { name, address } = credentials;
    if (name === undefined) return (await recognised(credentials)) ?? byKey(credentials);
    try {
      return await inLine(neighbourhood(address), () => byPassword(name, credentials));
    } catch (error) {
      if (error instanceof TooManyWaiting) return { refused: 'throttled', wait: 1 };
      throw error;
    }
  };
}

/** Attempts of one place are made one after another, so that each knows how those before it ended. */
function createLines() {
  const lines = new Map<string, { last: Promise<unknown>; waiting: number }>();
  return async <T>(place: string, attempt: () => Promise<T>): Promise<T> => {
    const line = lines.get(place) ?? { last: Promise.resolve(), waiting: 0 };
    if (line.waiting >= mostInLine) throw new TooManyWaiting();
    lines.set(place, line);
    line.waiting += 1;
    const turn = line.last.then(attempt);
    line.last = turn.catch(() => undefined);
    try {
      return await turn;
    } finally {
      line.waiting -= 1;
      if (line.waiting === 0) lines.delete(place);
    }
  };
}
