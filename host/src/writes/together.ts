import type { Action, Principal } from '../domain/access';
import type { Origin } from '../domain/changes';
import type { AnyRow, TypeDescriptor } from '../domain/descriptor';
import { Forbidden } from '../domain/failures';
import type { Transaction, UnitOfWork } from '../domain/ports';
import type { Policy } from '../permissions/policy';
import type { OwnFields } from './candidate';
import type { RowSteps } from './row-steps';
import { sealInputs, type Seals } from './seals';

/** Changes in one transaction; each is permitted, validated, saved, permitted again and told as if it came alone. */
export interface Changes {
  /** The transaction itself, for rows of internal types, which nobody is told of. */
  readonly transaction: Transaction;
  create(type: TypeDescriptor, input: unknown, own?: OwnFields): Promise<AnyRow>;
  update(
    type: TypeDescriptor,
    id: string,
    input: unknown,
    options: { readonly partial: boolean; readonly own?: OwnFields },
  ): Promise<AnyRow>;
  remove(type: TypeDescriptor, id: string): Promise<void>;
}

/** Who makes several changes, and where they come from. */
export interface Together {
  readonly principal: Principal;
  readonly origin?: Origin;
}

/** Makes what runs several changes as one, all or nothing. The work holds the write lock: fetch and hash before it. */
export function togetherBy(
  { unitOfWork, policy, seals }: { readonly unitOfWork: UnitOfWork; readonly policy: Policy; readonly seals: Seals },
  steps: RowSteps,
) {
  return <T>({ principal, origin = {} }: Together, work: (changes: Changes) => Promise<T>): Promise<T> => {
    const permitAny = (action: Action, type: TypeDescriptor): void => {
      if (!principal.mayWrite || policy.scope(principal, action, type).kind === 'none') throw new Forbidden();
    };
    return unitOfWork.run((transaction) => {
      const stepOn = (type: TypeDescriptor) => ({ tx: transaction, principal, type, origin });
      return work({
        transaction,
        async create(type, input, own) {
          permitAny('add', type);
          return steps.insert(stepOn(type), { input, sealed: await sealInputs(type, input, seals), own });
        },
        async update(type, id, input, { partial, own }) {
          permitAny('change', type);
          const step = stepOn(type);
          const sealed = await sealInputs(type, input, seals);
          return steps.update(step, await steps.reach(step, 'change', id), { input, sealed, partial, own });
        },
        async remove(type, id) {
          permitAny('delete', type);
          const step = stepOn(type);
          await steps.remove(step, await steps.reach(step, 'delete', id));
        },
      });
    });
  };
}
