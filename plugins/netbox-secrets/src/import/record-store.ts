import type { Reference } from './records/field-kinds';
import type { Kind, NetboxRecord, RecordOf } from './records/record-kinds';

type Kept = Exclude<Kind, 'secret' | 'change'>;

const appOf = (table: string): string => table.slice(0, table.indexOf('.'));
const sorted = (a: { pk: number | undefined }, b: { pk: number | undefined }): number => (a.pk ?? 0) - (b.pk ?? 0);

/** What a row is known by where it has no number: its user name, its name, or application and model. */
export function naturalName(record: NetboxRecord): string {
  if (record.kind === 'content-type') return `${record.app_label}.${record.model}`;
  if ('username' in record) return record.username;
  return 'name' in record ? (record.name ?? '') : '';
}

/** The key of a record within its kind: its number, or what it is known by. */
export const keyOf = (record: NetboxRecord): number | string => record.pk ?? `=${naturalName(record)}`;

/** The records of a dump in memory, found by number or by name; secrets and changes are not among them. */
export class RecordStore {
  readonly #byKind = new Map<Kind, NetboxRecord[]>();
  readonly #byKey = new Map<string, NetboxRecord>();
  #app = 'secrets';

  add(record: NetboxRecord): void {
    if ('content_type' in record && this.#isForeign(record.content_type)) return;
    if ('obj_type' in record && this.#isForeign(record.obj_type)) return;
    const list = this.#byKind.get(record.kind) ?? [];
    this.#byKind.set(record.kind, list);
    list.push(record);
    if (record.pk !== undefined) this.#byKey.set(`${record.kind} ${record.pk}`, record);
    this.#byKey.set(`${record.kind} =${naturalName(record)}`, record);
  }

  /** Leaves out what belongs to another secrets application than the one in use. */
  settle(app: string): void {
    this.#app = app;
    for (const kind of ['role', 'user-key', 'role-user', 'role-group'] as const) {
      const mine = this.all(kind).filter((record) => appOf(record.table) === app) as NetboxRecord[];
      this.#byKind.set(kind, mine);
      for (const record of mine) if (record.pk !== undefined) this.#byKey.set(`${kind} ${record.pk}`, record);
    }
  }

  /** All of a kind, by number. */
  all<K extends Kept>(kind: K): readonly RecordOf<K>[] {
    return ((this.#byKind.get(kind) ?? []) as unknown as RecordOf<K>[]).toSorted(sorted);
  }

  /** The record that a reference means. */
  find<K extends Kept>(kind: K, reference: Reference | undefined): RecordOf<K> | undefined {
    if (reference === undefined) return undefined;
    const key = typeof reference === 'number' ? String(reference) : `=${reference[0]}`;
    return this.#byKey.get(`${kind} ${key}`) as RecordOf<K> | undefined;
  }

  /** `application.model` of a content type; that of the secrets application in use is always `secrets`. */
  typeName(reference: Reference | undefined): string | undefined {
    const name = this.#typeName(reference);
    return name !== undefined && appOf(name) === this.#app ? name.replace(this.#app, 'secrets') : name;
  }

  #typeName(reference: Reference | undefined): string | undefined {
    if (typeof reference === 'object') return reference.join('.');
    const type = this.find('content-type', reference);
    return type && naturalName(type);
  }

  /** Whether a value or a tag is on something that is known to be none of what is imported. */
  #isForeign(reference: Reference): boolean {
    const name = this.#typeName(reference);
    return (
      name !== undefined && !/^(secrets|netbox_secret\w*)\.|^dcim\.device$|^virtualization\.virtualmachine$/.test(name)
    );
  }
}
