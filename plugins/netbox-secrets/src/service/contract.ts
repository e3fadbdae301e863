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
  /** The user's own key; the first of a superuser makes the master key and becomes active at once. */
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
  /** The keyed verifier that replies call `hash`. */
  readonly hash: string;
  /** Why a value that was asked for is not there: `integrity`, `key-version`, `denied`. */
  readonly fault?: 'integrity' | 'key-version' | 'denied';
}

/** Who reads, found out anew where permissions may have moved, and what the record says of the request. */
export interface Reader {
  readonly acting: () => Promise<Principal>;
  readonly requestId?: string | undefined;
  readonly address?: string | undefined;
  readonly rule?: string | undefined;
}

/** What a secret is made of: name, role, objects, tags and custom fields, as the host's writes read them. */
export type SecretInput = Readonly<Record<string, unknown>>;

/** Stored secrets: permitted, validated, sealed, signed, versioned and told. */
export interface SecretService {
  /** Makes secrets, all or nothing; what is wrong is told by place. `own` keeps ids, numbers and times that come from another system. */
  create(
    principal: Principal,
    items: readonly {
      readonly input: SecretInput;
      readonly plaintext: Buffer;
      readonly own?: Readonly<Record<string, unknown>>;
    }[],
    keyring: Keyring,
    requestId?: string,
  ): Promise<readonly StoredSecret[]>;
  /** Changes secrets, all or nothing. Without a plaintext no keyring is needed, and nothing is sealed anew. */
  update(
    principal: Principal,
    items: readonly { readonly id: string; readonly input: SecretInput; readonly plaintext?: Buffer }[],
    options: {
      readonly partial: boolean;
      readonly keyring?: Keyring | undefined;
      readonly requestId?: string | undefined;
    },
  ): Promise<readonly StoredSecret[]>;
  remove(principal: Principal, ids: readonly string[], requestId?: string): Promise<void>;
  /** Reads rows that the caller found within its scope; values with a keyring, each decided, opened, recorded. */
  reveal(reader: Reader, rows: readonly AnyRow[], keyring: Keyring | undefined): Promise<readonly ReadSecret[]>;
  versions(principal: Principal, id: string): Promise<readonly SecretVersion[]>;
  /** Makes an earlier value the newest one, as a new version. */
  rollback(
    principal: Principal,
    id: string,
    version: number,
    keyring: Keyring,
    requestId?: string,
  ): Promise<StoredSecret>;
}

/** A value that a secret had: when, by whom, sealed with which master key. */
export interface SecretVersion {
  readonly version: number;
  readonly time: string;
  readonly user_name: string;
  readonly key_version: number;
}
