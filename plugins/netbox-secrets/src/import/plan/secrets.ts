import type { FindingCode } from '../findings';
import type { RecordOf } from '../records/record-kinds';
import { loggedValues, type LoggedValue } from '../secret-history';
import { openSecret } from '../secrets';
import type { NetboxSource } from '../source';
import { idOf, ownId, type PlanContext } from './context';
import { customValues } from './custom-fields';
import { assumedObject } from './objects';
import type { ObjectStep, SecretStep } from './steps';
import { tagsOfSecrets } from './tags';

type Secret = RecordOf<'secret'>;
type Place = Pick<SecretStep, 'role' | 'object'>;
type Sealed = Omit<SecretStep, 'plaintext'>;

const appOf = (table: string): string => table.slice(0, table.indexOf('.'));
const targets: ReadonlyMap<string, 'device' | 'virtual-machine'> = new Map([
  ['dcim.device', 'device'],
  ['virtualization.virtualmachine', 'virtual-machine'],
]);

/** Plans the secrets of a dump, one at a time; those that do not open are kept, without their values, for the change log. */
export class SecretsPlan {
  readonly #context: PlanContext;
  readonly #tags: ReadonlyMap<number, readonly string[]>;
  readonly #valuesOf: ReturnType<typeof customValues>;
  readonly #versions: ReadonlyMap<number, readonly string[]>;
  readonly #assumed = new Set<string>();
  readonly #failed = new Map<number, { readonly sealed: Sealed; readonly fault: FindingCode }>();
  /** The ids of the secrets that were planned, by number. */
  readonly ids = new Map<number, string>();

  constructor(context: PlanContext, versions: ReadonlyMap<number, readonly string[]>) {
    this.#context = context;
    this.#tags = tagsOfSecrets(context);
    this.#valuesOf = customValues(context);
    this.#versions = versions;
  }

  /** The secrets whose rows open; an object that only the secret tells of comes before it. */
  async *rows(source: NetboxSource): AsyncGenerator<SecretStep | ObjectStep> {
    for await (const record of source.records(['secret'])) {
      if (record.kind !== 'secret' || appOf(record.table) !== this.#context.catalogue.app) continue;
      const object = await this.#objectOf(record);
      if (typeof object === 'object' && !this.#assumed.has(object.id)) {
        this.#assumed.add(object.id);
        yield object;
      }
      const role = idOf(this.#context, this.#context.catalogue.records.find('role', record.role));
      if (object === undefined) this.#find('secret-without-object', record);
      else if (role === undefined) this.#find('secret-without-role', record);
      else yield* this.#open(record, { role, object: typeof object === 'object' ? object.id : object });
    }
  }

  /** Of the secrets whose rows do not open, those whose value stands in the change log; tells of the others. */
  async *fromHistory(source: NetboxSource): AsyncGenerator<SecretStep> {
    if (this.#failed.size > 0) {
      for await (const change of source.records(['change'])) {
        if (change.kind !== 'change') continue;
        if (this.#context.catalogue.records.typeName(change.changed_object_type) !== 'secrets.secret') continue;
        for (const value of loggedValues(change)) yield* this.#heal(change.changed_object_id, value);
      }
    }
    for (const [pk, { sealed, fault }] of this.#failed)
      this.#context.tally.find({ code: fault, of: 'secret', pk, detail: sealed.name });
  }

  *#heal(pk: number, value: LoggedValue): Generator<SecretStep> {
    const failed = this.#failed.get(pk);
    if (!failed || failed.sealed.legacy_hash !== value.hash) return;
    const opened = openSecret(value, this.#context.masterKeys);
    if (!opened.ok) return;
    this.#failed.delete(pk);
    const { name: detail, description, comments } = failed.sealed;
    this.#context.tally.find({ code: 'secret-from-history', of: 'secret', pk, detail });
    if (description !== '' || comments !== '')
      this.#context.tally.find({ code: 'secret-text-left', of: 'secret', pk, detail });
    this.ids.set(pk, failed.sealed.id);
    yield { ...failed.sealed, plaintext: opened.plaintext };
  }

  *#open(secret: Secret, place: Place): Generator<SecretStep> {
    const { pk = 0 } = secret;
    const sealed = this.#sealed(secret, place);
    const opened = openSecret(secret, this.#context.masterKeys);
    if (!opened.ok) {
      this.#failed.set(pk, { sealed, fault: opened.fault });
      return;
    }
    if (opened.isHealed) this.#find('secret-healed', secret);
    if (sealed.description !== '' || sealed.comments !== '') this.#find('secret-text-left', secret);
    this.ids.set(pk, sealed.id);
    yield { ...sealed, plaintext: opened.plaintext };
  }

  #sealed(secret: Secret, place: Place): Sealed {
    const { pk = 0, hash } = secret;
    const older = (this.#versions.get(pk) ?? []).filter((one) => one !== hash);
    return {
      kind: 'secret',
      id: ownId(this.#context, secret),
      number: secret.pk,
      name: secret.name,
      ...place,
      legacy_hash: hash,
      description: secret.description ?? '',
      comments: secret.comments ?? '',
      tags: this.#tags.get(pk) ?? [],
      custom_fields: this.#valuesOf('secrets.secret', { pk, data: secret.custom_field_data }),
      version: older.length + 1,
      created: secret.created,
      last_updated: secret.last_updated,
    };
  }

  /** The id of the secret's object, the object itself where only the secret tells of it, or undefined where it is gone. */
  async #objectOf(secret: Secret): Promise<string | ObjectStep | undefined> {
    const { records } = this.#context.catalogue;
    if (secret.device !== undefined) return idOf(this.#context, records.find('device', secret.device));
    const { assigned_object_type: reference, assigned_object_id: number } = secret;
    const type = records.typeName(reference);
    if (type === undefined || number === undefined) {
      if (reference !== undefined) this.#find('types-missing', secret);
      return undefined;
    }
    const kind = targets.get(type);
    if (kind !== undefined) return idOf(this.#context, records.find(kind, number));
    const object = await assumedObject(this.#context, { type, number, repr: secret.object_repr });
    if (!this.#assumed.has(object.id))
      this.#context.tally.find({ code: 'object-assumed', of: type, pk: number, detail: object.name });
    return object;
  }

  #find(code: FindingCode, { pk, name }: Secret): void {
    this.#context.tally.find({ code, of: 'secret', pk, detail: name });
  }
}
