import type { Reference } from './records/field-kinds';
import { normalTime } from './records/times';
import type { RecordOf } from './records/record-kinds';
import type { RecordStore } from './record-store';

/** A state of a secret in the change log: its value as it was encrypted then. */
export interface LoggedValue {
  readonly ciphertext: Buffer;
  readonly hash: string;
}

/** A logged value, and when the secret got it, as far as the change tells. */
export interface LoggedVersion extends LoggedValue {
  /** Tells the values of one change apart. */
  readonly image: string;
  readonly time: string;
}

const images = ['prechange_data', 'object_data', 'postchange_data'] as const;

/** The values that one change of a secret tells of, oldest first. */
export function loggedValues(change: RecordOf<'change'>): LoggedVersion[] {
  return images.flatMap((image) => {
    const { ciphertext, hash, last_updated: updated } = (change[image] ?? {}) as Readonly<Record<string, unknown>>;
    if (typeof ciphertext !== 'string' || typeof hash !== 'string') return [];
    const time = (typeof updated === 'string' && normalTime(updated)) || change.time;
    return [{ ciphertext: Buffer.from(ciphertext, 'base64'), hash, image, time }];
  });
}

interface Logged {
  readonly change: number;
  readonly secret: number;
  readonly type: Reference;
  readonly hashes: readonly string[];
}

/** Which value each version of each secret is, by hash; the values themselves stay in the dump. */
export class SecretHistory {
  readonly #logged: Logged[] = [];

  add(change: RecordOf<'change'>, records: RecordStore): void {
    const { pk, changed_object_type: type, changed_object_id: secret } = change;
    const name = records.typeName(type);
    if (pk === undefined || (name !== undefined && !name.endsWith('.secret'))) return;
    const hashes = loggedValues(change).map(({ hash }) => hash);
    if (hashes.length > 0) this.#logged.push({ change: pk, secret, type, hashes });
  }

  /** By secret, the hashes of its values from the oldest on, each once. */
  versions(records: RecordStore): ReadonlyMap<number, readonly string[]> {
    const mine = this.#logged.filter(({ type }) => records.typeName(type) === 'secrets.secret');
    const versions = new Map<number, Set<string>>();
    for (const { secret, hashes } of mine.toSorted((a, b) => a.change - b.change)) {
      const known = versions.get(secret) ?? new Set();
      versions.set(secret, known);
      for (const hash of hashes) known.add(hash);
    }
    return new Map([...versions].map(([secret, hashes]) => [secret, [...hashes]]));
  }
}
