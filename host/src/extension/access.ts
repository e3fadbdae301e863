import type { Logger } from '@latchkey/core';
import type { OpenCollection } from '../collections/collection';
import type { TokenKey } from '../credentials/token-key';
import { accessEntry } from '../domain/audit';
import type { TypeDescriptor } from '../domain/descriptor';
import type { AccessLog, Transaction, UnitOfWork } from '../domain/ports';
import type { ExplainingPolicy } from '../permissions/related';
import type { Definitions } from '../resolution/definitions';
import type { Principals } from '../resolution/principals';
import type { Writes } from '../writes/create-writes';
import type { HostAccess, HostExtension } from './contract';

/** What the host is made of, as far as extensions reach. */
export interface HostParts {
  readonly logger: Logger;
  readonly version: string;
  readonly localOnly: boolean;
  readonly collections: readonly OpenCollection[];
  readonly unitOfWork: UnitOfWork;
  readonly accessLog: Pick<AccessLog, 'append'>;
  readonly policy: ExplainingPolicy;
  readonly writes: Writes;
  readonly definitions: Definitions;
  readonly principals: Principals;
  readonly tokenKey: Pick<TokenKey, 'derive'>;
}

/** Makes what each extension is let into the host by. */
export function hostAccess(parts: HostParts): (extension: HostExtension) => HostAccess {
  const { unitOfWork, definitions, principals, accessLog, tokenKey } = parts;
  return ({ name, types = [] }) => {
    const internal = new Set(types.filter((type) => type.internal).map((type) => type.name));
    const checked = (type: TypeDescriptor): void => {
      if (internal.has(type.name)) return;
      throw new TypeError(`${type.name} is not an internal type of the extension ${name}: use its writes.`);
    };
    return Object.freeze({
      logger: parts.logger,
      version: parts.version,
      localOnly: parts.localOnly,
      collections: parts.collections,
      policy: parts.policy,
      writes: parts.writes,
      rows: unitOfWork.rows,
      kept: Object.freeze({
        ...definitions.pages,
        get version() {
          return definitions.version;
        },
        remember: <T>(key: string, make: () => Promise<T>) => definitions.remember(`${name}\0${key}`, make),
      }),
      run: (work) => unitOfWork.run((transaction) => work(limited(transaction, checked))),
      principals: { user: principals.user, system: principals.system },
      async principalOf(token, address) {
        await definitions.refresh();
        const answer = await principals.token(token, address)();
        return typeof answer === 'string' ? undefined : answer;
      },
      record: (read) => accessLog.append(accessEntry(read)),
      definitionsVersion: unitOfWork.version,
      deriveKey: (purpose) => tokenKey.derive(`${name} ${purpose}`),
    } satisfies HostAccess);
  };
}

/** A transaction that refuses to change rows of types that fail the check. */
function limited(transaction: Transaction, check: (type: TypeDescriptor) => void): Transaction {
  return {
    types: transaction.types,
    get: (type, by) => transaction.get(type, by),
    list: (type, query) => transaction.list(type, query),
    async insert(type, row) {
      check(type);
      return transaction.insert(type, row);
    },
    async update(type, id, changes) {
      check(type);
      return transaction.update(type, id, changes);
    },
    async remove(type, id) {
      check(type);
      return transaction.remove(type, id);
    },
  };
}
