import type { Action, Principal } from '../domain/access';
import type { Change, ChangeListener, Origin } from '../domain/changes';
import type { AnyRow, RowOf, TypeDescriptor } from '../domain/descriptor';
import { Conflict, Forbidden, InvalidInput, NotFound } from '../domain/failures';
import { noRow } from '../domain/messages';
import type { Transaction, UnitOfWork } from '../domain/ports';
import type { Choices } from '../domain/secrets';
import { definitionTypes } from '../domain/types';
import type { DecisionRequest, Policy } from '../permissions/policy';
import { judge, withRelated } from '../permissions/related';
import { candidate, type CandidateRequest, type WriteRule } from './candidate';
import { dependantsOf, describeDependants } from './dependants';
import { falloutOf } from './fallout';
import { guards } from './guards';
import { sealInputs, type Sealed, type Seals } from './seals';
import { savedUnique } from './unique';

export type { WriteRule } from './candidate';

export type { Change } from '../domain/changes';

/** What writes are made of. */
export interface CreateWritesOptions {
  readonly unitOfWork: UnitOfWork;
  readonly policy: Policy;
  readonly choices: Choices;
  /** Extra rules, by the name of the type. */
  readonly rules: Readonly<Record<string, WriteRule>>;
  /** How passwords and keys are hashed. */
  readonly seals?: Seals;
  readonly types?: readonly TypeDescriptor[];
  readonly listeners?: readonly ChangeListener[];
  readonly now?: () => Date;
}

/** The one way to change a definition: permit, validate, save, permit again, tell; all in one transaction. */
export interface Writes {
  create<T extends TypeDescriptor>(principal: Principal, type: T, input: unknown, origin?: Origin): Promise<RowOf<T>>;
  /** Changes one row; `partial` says whether required fields may be left out. */
  update<T extends TypeDescriptor>(
    principal: Principal,
    type: T,
    id: string,
    input: unknown,
    options: { readonly partial: boolean },
    origin?: Origin,
  ): Promise<RowOf<T>>;
  remove(principal: Principal, type: TypeDescriptor, id: string, origin?: Origin): Promise<void>;
}

const noSeal = (): never => {
  throw new Error('These writes were made without seals.');
};

/** Makes the {@link Writes} over a unit of work. */
export function createWrites(options: CreateWritesOptions): Writes {
  const { unitOfWork, policy, choices, rules, listeners = [], now = () => new Date() } = options;
  const { seals = { password: noSeal, token: noSeal } } = options;
  const types = new Map((options.types ?? definitionTypes).map((type) => [type.name, type]));
  const typeOf = (name: string): TypeDescriptor => {
    const type = types.get(name);
    if (!type) throw new Error(`There is no type "${name}".`);
    return type;
  };

  const permitAny = (principal: Principal, action: Action, type: TypeDescriptor): void => {
    if (!principal.mayWrite || policy.scope(principal, action, type).kind === 'none') throw new Forbidden();
  };
  const told = async (change: Change, transaction: Transaction): Promise<void> => {
    if (change.type.logged === false) return;
    for (const listener of listeners) await listener(change, transaction);
  };

  /** The row that is to be changed; one out of reach is answered as one that is not there. */
  const reach = async (tx: Transaction, principal: Principal, action: Action, type: TypeDescriptor, id: string) => {
    const before = (await tx.get(type, { id })) as AnyRow | undefined;
    const request = before && (await withRelated(policy, tx, { principal, action, type, before }));
    if (!request || !policy.decide(request).allowed) throw new NotFound(noRow(type));
    return { before, related: request.related?.before };
  };

  const validate = (tx: Transaction, principal: Principal, sealed: Sealed, request: CandidateRequest) =>
    candidate({ rows: tx, policy, principal, sealed, choices, typeOf, rules, now }, request);

  const permitAfter = async (tx: Transaction, request: DecisionRequest): Promise<void> => {
    if (!(await judge(policy, tx, request)).allowed) throw new Forbidden();
  };

  return {
    async create(principal, type, input, origin = {}) {
      permitAny(principal, 'add', type);
      const sealed = await sealInputs(type, input, seals);
      const result = await unitOfWork.run(async (tx) => {
        const row = await validate(tx, principal, sealed, { type, before: undefined, input, mode: 'create' });
        const after = await savedUnique(type, tx.insert(type, row as never));
        await permitAfter(tx, { principal, action: 'add', type, after: after as AnyRow });
        await told({ principal, type, before: undefined, after, origin }, tx);
        return after;
      });
      return result as RowOf<typeof type>;
    },

    async update(principal, type, id, input, { partial }, origin = {}) {
      permitAny(principal, 'change', type);
      const sealed = await sealInputs(type, input, seals);
      const result = await unitOfWork.run(async (tx) => {
        const { before, related } = await reach(tx, principal, 'change', type, id);
        const mode = partial ? 'patch' : 'replace';
        const row = await validate(tx, principal, sealed, { type, before, input, mode });
        const { id: _id, number: _number, ...changes } = row;
        const after = await savedUnique(type, tx.update(type, id, changes as never));
        const images = { before, after: after as AnyRow, ...(related && { related: { before: related } }) };
        await permitAfter(tx, { principal, action: 'change', type, ...images });
        await told({ principal, type, before, after, origin }, tx);
        return after;
      });
      return result as RowOf<typeof type>;
    },

    async remove(principal, type, id, origin = {}) {
      permitAny(principal, 'delete', type);
      await unitOfWork.run(async (tx) => {
        const { before } = await reach(tx, principal, 'delete', type, id);
        const dependants = await dependantsOf(tx, { type, id, types: [...types.values()] });
        if (dependants.count > 0)
          throw new Conflict(...(await describeDependants(dependants, { rows: tx, policy, principal })));
        const fault = await guards[type.name]?.({ principal, rows: tx, before, after: undefined });
        if (fault) throw new Conflict(new InvalidInput(fault).message, []);
        // What the database takes along, told while it is still there to be read.
        for (const one of await falloutOf(tx, { type, id, types: [...types.values()] })) {
          await told({ principal, ...one, origin }, tx);
          if (one.type.about && !one.after) await tx.remove(one.type, one.before.id);
        }
        await tx.remove(type, id);
        await told({ principal, type, before, after: undefined, origin }, tx);
      });
    },
  };
}
