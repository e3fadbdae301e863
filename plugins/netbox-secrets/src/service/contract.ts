import type { AnyRow, Principal } from '@latchkey/host/extend';
import type { Keyring } from '../crypto/keyring';
import type { Challenge } from './challenges';
import type { SessionKeyRow, StoredSecret, UserKey } from '../types';

/** A session that was opened: the key, which is shown once, and its row. */
export interface OpenedSession {
  /** Standard base64 with padding, 44 characters. */
  readonly sessionKey: string;
  readonly row: SessionKeyRow;
  /** True where an earlier session was given again. */
  readonly preserved: boolean;
}

/** What a session is opened with, beside the proof. */
export interface SessionWish {
  readonly name?: string;
  readonly preserve?: boolean;
  /** The id of the token that asks; the session ends with it. */
  readonly token?: string | undefined;
}

/** A master key wrapped for the user, in base64. */
export interface Wrapped {
  readonly version: number;
  readonly wrapped: string;
}

/** A user key as it was taken in. */
export interface StoredUserKey {
  readonly userKey: UserKey;
  readonly warnings: readonly string[];
  /** The sheet of the recovery key, where this made the store: shown now and never again. */
  readonly recoverySheet: string | undefined;
}

/** User keys, sessions and the ways to the master key. Every method that changes something checks the principal's right. */
export interface KeyService {
  /** The user's own key; the first of all makes the master key and becomes active at once. */
  setUserKey(principal: Principal, user: string, publicKey: string): Promise<StoredUserKey>;
  userKeyOf(user: string): Promise<UserKey | undefined>;
  /** Wraps the master keys for others, by who has them: a private key of one's own, or an open session. */
  activate(
    principal: Principal,
    proof: { readonly privateKey: string } | { readonly keyring: Keyring },
    userKeys: readonly string[],
  ): Promise<readonly UserKey[]>;
  deactivate(principal: Principal, userKey: string): Promise<void>;
  removeUserKey(principal: Principal, userKey: string): Promise<void>;
  /** The legacy unlock: the private key itself, where the operator allows it. */
  unlockWithPrivateKey(principal: Principal, privateKey: string, wish: SessionWish): Promise<OpenedSession>;
  /** The first half of the unlock that keeps the private key at home: the wraps, to be opened there. */
  challenge(principal: Principal): Promise<Challenge & { readonly wraps: readonly Wrapped[] }>;
  /** The second half: the master keys that were unwrapped, in base64, each recognised by its mark. */
  unlockWithProof(
    principal: Principal,
    answer: { readonly id: string; readonly masters: readonly { readonly key: string }[] },
    wish: SessionWish,
  ): Promise<OpenedSession>;
  /** The keyring behind a session key that a client sent; undefined where none was sent. Throws `wrong-session-key`. */
  open(principal: Principal, sessionKey: string | undefined): Promise<Keyring | undefined>;
  sessions(principal: Principal): Promise<readonly SessionKeyRow[]>;
  revoke(principal: Principal, id: string): Promise<boolean>;
}

/** A secret as it is read: its row, and its value or why there is none. */
export interface ReadSecret {
  readonly row: StoredSecret;
  /** The value, where a keyring was given and the principal may reveal it; the record is on disk by then. */
  readonly plaintext?: Buffer;
  /** Why a value that was asked for is not there: `integrity`, `key-version`, `denied`. */
  readonly fault?: 'integrity' | 'key-version' | 'denied';
}

/** Stored secrets: what they are is checked by permission, validated, sealed, signed, versioned and told. */
export interface SecretService {
  /** `input` holds name, role, objects, tags, custom fields as the host's writes read them; `plaintext` is kept as it is. */
  create(
    principal: Principal,
    items: readonly { readonly input: Readonly<Record<string, unknown>>; readonly plaintext: Buffer }[],
    keyring: Keyring,
    requestId?: string,
  ): Promise<readonly StoredSecret[]>;
  /** A change without a plaintext needs no keyring, and seals nothing anew. */
  update(
    principal: Principal,
    items: readonly {
      readonly id: string;
      readonly input: Readonly<Record<string, unknown>>;
      readonly plaintext?: Buffer;
    }[],
    options: { readonly partial: boolean; readonly keyring?: Keyring | undefined; readonly requestId?: string },
  ): Promise<readonly StoredSecret[]>;
  remove(principal: Principal, ids: readonly string[], requestId?: string): Promise<void>;
  /** Reads values of rows that the caller has found within its scope: each decided (`reveal`), opened, recorded. */
  reveal(
    principal: Principal,
    rows: readonly AnyRow[],
    keyring: Keyring | undefined,
    requestId?: string,
  ): Promise<readonly ReadSecret[]>;
  versions(
    principal: Principal,
    id: string,
  ): Promise<
    readonly {
      readonly version: number;
      readonly time: string;
      readonly user_name: string;
      readonly key_version: number;
    }[]
  >;
  /** Makes an earlier value the newest one, as a new version. */
  rollback(
    principal: Principal,
    id: string,
    version: number,
    keyring: Keyring,
    requestId?: string,
  ): Promise<StoredSecret>;
}
