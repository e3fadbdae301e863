import type { Action, Principal } from '../domain/access';
import type { Change, ChangeListener, Origin } from '../domain/changes';
import type { AnyRow, TypeDescriptor } from '../domain/descriptor';
import { Conflict, Forbidden, InvalidInput, NotFound } from '../domain/failures';
import { noRow } from '../domain/messages';
import type { Transaction } from '../domain/ports';
import type { Types } from '../domain/types';
import type { Choices } from '../domain/secrets';
import type { DecisionRequest, Policy } from '../permissions/policy';
import type { RelatedRows } from '../permissions/constraints/predicate';
import { judge, seesSubject, withRelated } from '../permissions/related';
import { candidate, type CandidateRequest, type OwnFields, type WriteRule } from './candidate';
import { carryValues } from './custom-carry';
import { dependantsOf, describeDependants } from './dependants';
import { falloutOf } from './fallout';
import type { Guard } from './guard';
import type { Sealed } from './seals';
import { typeNamed } from './type-named';
import { savedUnique } from './unique';

/** What every step on a row needs, whatever the row. */
export interface StepContext {
  readonly policy: Policy;
  readonly choices: Choices;
  readonly rules: Readonly<Record<string, WriteRule>>;
  readonly guardOf: (type: TypeDescriptor) => Guard;
  readonly types: Types;
  readonly listeners: readonly ChangeListener[];
  readonly now: () => Date;
}

/** Who takes a step, on what type, in which transaction. */
export interface Step {
  readonly tx: Transaction;
  readonly principal: Principal;
  readonly type: TypeDescriptor;
  readonly origin: Origin;
}

/** A row that may be changed, with the related rows that the decision looked at. */
export interface Reached {
  readonly before: AnyRow;
  readonly related: RelatedRows | undefined;
}

/** What an input says of a row, and the hashes that were made of it beforehand. */
export interface Given {
  readonly input: unknown;
  readonly sealed: Sealed;
  /** What the calling code sets; no input gives it. */
  readonly own?: OwnFields | undefined;
}

/** What can be done to one row within a transaction: permit, validate, save, permit again, tell. */
export interface RowSteps {
  /** The row that is to be changed; one out of reach is answered as one that is not there. */
  reach(step: Step, action: Action, id: string): Promise<Reached>;
  insert(step: Step, given: Given): Promise<AnyRow>;
  update(step: Step, reached: Reached, given: Given & { readonly partial: boolean }): Promise<AnyRow>;
  remove(step: Step, reached: Reached): Promise<void>;
}

/** Makes the steps. */
export function createRowSteps({ policy, choices, rules, guardOf, types, listeners, now }: StepContext): RowSteps {
  const typeOf = (name: string): TypeDescriptor => typeNamed(types, name);
  const all = types.definitions;
  const told = async (change: Change, transaction: Transaction): Promise<void> => {
    if (change.type.logged === false) return;
    for (const listener of listeners) await listener(change, transaction);
  };
  const validate = ({ tx, principal }: Step, sealed: Sealed, request: CandidateRequest) =>
    candidate({ rows: tx, policy, principal, sealed, choices, typeOf, rules, guardOf, now }, request);
  const carry = ({ tx, principal, origin }: Step, change: Pick<Change, 'type' | 'after'> & { before: AnyRow }) =>
    carryValues(tx, change, async (type, before, custom_fields) => {
      const stamp = type.fields.last_updated && { last_updated: now().toISOString() };
      const after = (await tx.update(type, before.id, { custom_fields, ...stamp } as never)) as AnyRow;
      await told({ principal, type, before, after, origin }, tx);
    });
  const permitAfter = async (tx: Transaction, request: DecisionRequest): Promise<void> => {
    if (!(await judge(policy, tx, request)).allowed) throw new Forbidden();
  };

  return {
    async reach({ tx, principal, type }, action, id) {
      const before = (await tx.get(type, { id })) as AnyRow | undefined;
      const request = before && (await withRelated(policy, tx, { principal, action, type, before }));
      if (!request || !policy.decide(request).allowed) throw new NotFound(noRow(type));
      if (!(await seesSubject(policy, tx, { principal, type, row: before }))) throw new NotFound(noRow(type));
      return { before, related: request.related?.before };
    },

    async insert(step, { input, sealed, own }) {
      const { tx, principal, type, origin } = step;
      const row = await validate(step, sealed, { type, before: undefined, input, mode: 'create', own });
      const after = await savedUnique(type, tx.insert(type, row as never));
      await permitAfter(tx, { principal, action: 'add', type, after });
      await told({ principal, type, before: undefined, after, origin }, tx);
      return after;
    },

    async update(step, { before, related }, { input, sealed, partial, own }) {
      const { tx, principal, type, origin } = step;
      const row = await validate(step, sealed, { type, before, input, mode: partial ? 'patch' : 'replace', own });
      const { id, number: _number, ...changes } = row;
      const after = await savedUnique(type, tx.update(type, id, changes as never));
      const images = { before, after, ...(related && { related: { before: related } }) };
      await permitAfter(tx, { principal, action: 'change', type, ...images });
      await told({ principal, type, before, after, origin }, tx);
      await carry(step, { type, before, after });
      return after;
    },

    async remove(step, { before }) {
      const { tx, principal, type, origin } = step;
      const removal = { type, id: before.id, types: all };
      const dependants = await dependantsOf(tx, removal);
      if (dependants.count > 0)
        throw new Conflict(...(await describeDependants(dependants, { rows: tx, policy, principal })));
      const fault = await guardOf(type)({ principal, rows: tx, before, after: undefined });
      if (fault) throw new Conflict(new InvalidInput(fault).message, []);
      // What the database takes along, told while it is still there to be read.
      for (const one of await falloutOf(tx, removal)) {
        await told({ principal, ...one, origin }, tx);
        if (one.type.about && !one.after) await tx.remove(one.type, one.before.id);
      }
      await tx.remove(type, before.id);
      await told({ principal, type, before, after: undefined, origin }, tx);
      await carry(step, { type, before, after: undefined });
    },
  };
}
