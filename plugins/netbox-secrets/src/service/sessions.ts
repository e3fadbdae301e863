import { randomUUID } from 'node:crypto';
import type { HostAccess, Principal, Rows, Transaction } from '@latchkey/host/extend';
import { CryptoError } from '../crypto/faults';
import type { HostKeys } from '../crypto/host-keys';
import type { Keyring } from '../crypto/keyring';
import {
  createSessionKey,
  openSession,
  preserveSessionKey,
  readSessionKey,
  recallSessionKey,
  sealSession,
  sessionKeyId,
  type SessionPlace,
} from '../crypto/session-keys';
import { sessionKeyType, type SessionKeyRow } from '../types';
import type { OpenedSession, SessionWish } from './contract';
import { StoreError } from './store-error';
import { keyringOfProof, upToDate } from './masters';
import { allOf, byId, toBytes, toText, where } from './rows';
import type { SessionCache } from './session-cache';
import { activeIn, holdingKey, inactive } from './ways';

/** How long sessions last, in milliseconds. */
export interface SessionLimits {
  /** From the beginning to the end. */
  readonly life: number;
  /** From the last use to the end. */
  readonly idle: number;
  /** How many a user may have; one more ends the one that was not used for the longest. */
  readonly most: number;
}

/** What sessions are made of. */
export interface SessionParts {
  readonly host: HostAccess;
  readonly keys: HostKeys;
  readonly limits: SessionLimits;
  readonly cache: SessionCache;
  readonly now?: () => number;
}

const wrong = (): StoreError => new StoreError('wrong-session-key', 'Invalid session key.');

/** Sessions: opening, finding by their key, listing, ending. */
export function createSessions({ host, keys, limits, cache, now = () => Date.now() }: SessionParts) {
  /** How far `last_used` may lag behind, so that a read does not write; never so far that a session ends in use. */
  const touchEvery = Math.min(60_000, limits.idle / 4);
  const placeOf = ({ id, user, token, expires }: SessionKeyRow): SessionPlace => ({
    id,
    user,
    token,
    expires: Date.parse(expires),
  });
  const isOver = ({ expires, last_used: used }: SessionKeyRow): boolean =>
    Math.min(Date.parse(expires), Date.parse(used) + limits.idle) <= now();

  /** When the token ends that made a session; that one of no token outlives none. */
  async function endOfToken({ token }: SessionKeyRow): Promise<number> {
    if (token === null) return Infinity;
    const type = host.rows.types.get('users.token');
    const row = type && ((await byId(host.rows, type, token)) as { readonly expires?: string | null } | undefined);
    if (!row) return 0;
    return typeof row.expires === 'string' ? Date.parse(row.expires) : Infinity;
  }

  /** Refuses a session for who lost the right to it while it was asked for. */
  async function checkHolder(rows: Rows, user: string): Promise<void> {
    await holdingKey(rows, keys, user);
    if (!(await activeIn(rows)(user))) throw new StoreError('inactive-user-key', inactive);
  }

  /** The session of before that is given again: where a name is given, one of that name. */
  async function recalled(user: string, keyring: Keyring, name?: string): Promise<OpenedSession | undefined> {
    const rows = await allOf(host.rows, sessionKeyType, [where('user', user)]);
    for (const row of rows.toReversed()) {
      if (name !== undefined && row.name !== name) continue;
      if (row.preserved === null || isOver(row) || (await endOfToken(row)) <= now()) continue;
      try {
        const bytes = recallSessionKey(keyring.current, placeOf(row), toBytes(row.preserved));
        return { sessionKey: toText(bytes), row, preserved: true };
      } catch (error) {
        // Sealed with a master key of before: it ends by itself.
        if (!(error instanceof CryptoError)) throw error;
      }
    }
    return undefined;
  }

  /** Makes room for one more session of a user. */
  async function makeRoom(transaction: Transaction, user: string): Promise<void> {
    const all = { scope: { kind: 'all' }, filters: [where('user', user)], order: ['last_used'], offset: 0 } as const;
    const { count } = await transaction.list(sessionKeyType, { ...all, limit: 1 });
    if (count < limits.most) return;
    const { rows } = await transaction.list(sessionKeyType, { ...all, limit: count - limits.most + 1 });
    for (const { id } of rows) await transaction.remove(sessionKeyType, id);
    cache.forget();
  }

  async function touch(row: SessionKeyRow): Promise<void> {
    if (now() - Date.parse(row.last_used) < touchEvery) return;
    await host.run((transaction) =>
      transaction.update(sessionKeyType, row.id, { last_used: new Date(now()).toISOString() }),
    );
  }

  return {
    /** Opens a session for who has the keyring; `preserve` gives an earlier one again, as long as there is one. */
    async openFor(principal: Principal, keyring: Keyring, wish: SessionWish): Promise<OpenedSession> {
      const user = principal.id ?? '';
      const earlier = wish.preserve ? await recalled(user, keyring, wish.name) : undefined;
      if (earlier) return earlier;
      const sessionKey = createSessionKey();
      const time = new Date(now()).toISOString();
      const place = { id: randomUUID(), user, token: wish.token ?? null, expires: now() + limits.life };
      const row = await host.run(async (transaction) => {
        await checkHolder(transaction, user);
        const used = await upToDate(transaction, keys, keyring);
        await makeRoom(transaction, user);
        return transaction.insert(sessionKeyType, {
          id: place.id,
          created: time,
          user,
          token: place.token,
          name: wish.name ?? '',
          last_used: time,
          expires: new Date(place.expires).toISOString(),
          key_id: toText(sessionKeyId(keys, sessionKey)),
          masters: toText(sealSession(keys, sessionKey, place, used)),
          preserved: toText(preserveSessionKey(used.current, place, sessionKey)),
        });
      });
      const text = toText(sessionKey);
      sessionKey.fill(0);
      return { sessionKey: text, row, preserved: false };
    },

    /** The keyring behind a session key that a client sent, if it is this user's and not over. */
    async open(principal: Principal, text: string | undefined): Promise<Keyring | undefined> {
      if (text === undefined) return undefined;
      const sessionKey = readSessionKey(text);
      if (!sessionKey) throw wrong();
      const key_id = toText(sessionKeyId(keys, sessionKey));
      const known = cache.get(key_id);
      if (known) {
        sessionKey.fill(0);
        if (known.user !== principal.id) throw wrong();
        return known.keyring;
      }
      const row = await host.rows.get(sessionKeyType, { key_id });
      if (!row || row.user !== principal.id || isOver(row)) throw wrong();
      const ends = Math.min(Date.parse(row.expires), await endOfToken(row));
      if (ends <= now()) throw wrong();
      let keyring: Keyring;
      try {
        keyring = await upToDate(host.rows, keys, openSession(keys, sessionKey, placeOf(row), toBytes(row.masters)));
        // A row that was put back opens nothing for who holds the store no more.
        await checkHolder(host.rows, row.user);
      } catch (error) {
        // A database that is away is no fault of the key.
        throw error instanceof CryptoError || error instanceof StoreError ? wrong() : error;
      } finally {
        sessionKey.fill(0);
      }
      cache.keep(key_id, { keyring, user: row.user }, ends);
      await touch(row);
      return keyring;
    },

    /** The keyring of master keys that a client unwrapped at home, each recognised as one of the house. */
    async keyringOfProof(masters: readonly { readonly key: string }[]): Promise<Keyring> {
      try {
        return await keyringOfProof(host.rows, keys, masters);
      } catch (error) {
        if (!(error instanceof CryptoError)) throw error;
        throw new StoreError('wrong-private-key', 'The wrapped master key was not opened.');
      }
    },

    /** The sessions of a user that are not over, the newest last; those that are over are cleared away. */
    async sessions(principal: Principal): Promise<readonly SessionKeyRow[]> {
      const rows = await allOf(host.rows, sessionKeyType, [where('user', principal.id ?? '')]);
      return rows.filter((row) => !isOver(row));
    },

    /** Ends a session of the user's own; false where there is none. */
    async revoke(principal: Principal, id: string): Promise<boolean> {
      const row = await host.rows.get(sessionKeyType, { id });
      if (!row || (row.user !== principal.id && !principal.isSuperuser)) return false;
      await host.run((transaction) => transaction.remove(sessionKeyType, id));
      cache.forget();
      return true;
    },

    /** Takes away what is over. */
    async sweep(): Promise<void> {
      const over = (await allOf(host.rows, sessionKeyType)).filter(isOver);
      if (over.length === 0) return;
      await host.run(async (transaction) => {
        for (const { id } of over) await transaction.remove(sessionKeyType, id);
      });
    },
  };
}

/** Sessions, as the rest of the store uses them. */
export type Sessions = ReturnType<typeof createSessions>;
