import type { Action, Principal } from '../domain/access';
import type { ChangeListener, Origin } from '../domain/changes';
import type { AnyRow, RowOf, TypeDescriptor } from '../domain/descriptor';
import { Forbidden, PreconditionFailed, type Expectation } from '../domain/failures';
import type { Transaction, UnitOfWork } from '../domain/ports';
import type { Choices } from '../domain/secrets';
import type { Policy } from '../permissions/policy';
import { checkRelated, checkShapes, insertAll, itemsOf, namedItems, reachAll } from './batches';
import type { WriteRule } from './candidate';
import { createLines } from './lines';
import { checkParts, withoutParts, withParts } from './parts';
import { createRowSteps, type Given, type Reached } from './row-steps';
import { sealInputs, type Seals } from './seals';
import { guardsBy, type Guards } from './guards';
import { togetherBy, type Changes, type Together } from './together';
import { typeNamed } from './type-named';
import { faultsOfShape } from './validate';

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
  /** Guards that plugins add, for types of the host too. */
  readonly guards?: readonly Guards[];
  readonly listeners?: readonly ChangeListener[];
  readonly now?: () => Date;
}

/** The one way to change a definition: permit, validate, save, permit again, tell; all in one transaction. */
export interface Writes {
  create<T extends TypeDescriptor>(principal: Principal, type: T, input: unknown, origin?: Origin): Promise<RowOf<T>>;
  /**
   * Changes one row; `partial` says whether required fields may be left out. A row that is not as expected when the
   * lock is held throws {@link PreconditionFailed}.
   */
  update<T extends TypeDescriptor>(
    principal: Principal,
    type: T,
    id: string,
    input: unknown,
    options: { readonly partial: boolean; readonly expected?: Expectation | undefined },
    origin?: Origin,
  ): Promise<RowOf<T>>;
  remove(
    principal: Principal,
    type: TypeDescriptor,
    id: string,
    origin?: Origin,
    options?: { readonly expected?: Expectation | undefined },
  ): Promise<void>;
  /** Several changes of any types in one transaction, all or nothing. */
  together<T>(who: Together, work: (changes: Changes) => Promise<T>): Promise<T>;
  /** The same for a list, all or nothing; refused with a list that says of each item what is wrong with it. */
  readonly all: BatchWrites;
}

/** Who changes many rows, and of what type. */
export interface Batch {
  readonly principal: Principal;
  readonly type: TypeDescriptor;
  readonly origin?: Origin;
  /** The rows that may be named at all; every row by default. */
  readonly owns?: (row: AnyRow) => boolean;
}

/** Changes of many rows in one transaction; a row that is named twice, or cannot be reached, is refused by its id. */
export interface BatchWrites {
  create(batch: Batch, inputs: unknown): Promise<readonly AnyRow[]>;
  update(batch: Batch, inputs: unknown, options: { readonly partial: boolean }): Promise<readonly AnyRow[]>;
  remove(batch: Batch, inputs: unknown): Promise<void>;
}

const noSeal = (): never => {
  throw new Error('These writes were made without seals.');
};

/** Makes the {@link Writes} over a unit of work. */
export function createWrites(options: CreateWritesOptions): Writes {
  const { unitOfWork, policy, choices, rules, listeners = [], now = () => new Date() } = options;
  const { seals = { password: noSeal, token: noSeal } } = options;
  const guardOf = guardsBy(options.guards);
  const { types } = unitOfWork.rows;
  const steps = withParts(createRowSteps({ policy, choices, rules, guardOf, types, listeners, now }), {
    policy,
    choices,
    typeOf: (name) => typeNamed(types, name),
  });
  const permitAny = (principal: Principal, action: Action, type: TypeDescriptor): void => {
    if (!principal.mayWrite || policy.scope(principal, action, type).kind === 'none') throw new Forbidden();
  };
  const sealedInputs = async (type: TypeDescriptor, inputs: readonly unknown[]): Promise<Given[]> => {
    checkRelated(type, inputs);
    checkParts(type, inputs);
    const given: Given[] = [];
    for (const input of inputs) given.push({ input, sealed: await sealInputs(type, input, seals) });
    return given;
  };
  const everyRow = (): boolean => true;
  // One batch of a principal holds the lock or waits for it, so that the writes of others come between two of them.
  const lines = createLines();
  const batch = <T>({ id, name }: Principal, work: (tx: Transaction) => Promise<T>): Promise<T> =>
    lines(id ?? name, () => unitOfWork.run(work));

  return {
    async create(principal, type, input, origin = {}) {
      permitAny(principal, 'add', type);
      const sealed = await sealInputs(type, input, seals);
      const row = await unitOfWork.run((tx) => steps.insert({ tx, principal, type, origin }, { input, sealed }));
      return row as RowOf<typeof type>;
    },

    async update(principal, type, id, input, { partial, expected }, origin = {}) {
      permitAny(principal, 'change', type);
      const sealed = await sealInputs(type, input, seals);
      const row = await unitOfWork.run(async (tx) => {
        const step = { tx, principal, type, origin };
        const reached = await steps.reach(step, 'change', id);
        expect(reached, expected);
        return steps.update(step, reached, { input, sealed, partial });
      });
      return row as RowOf<typeof type>;
    },

    async remove(principal, type, id, origin = {}, { expected } = {}) {
      permitAny(principal, 'delete', type);
      await unitOfWork.run(async (tx) => {
        const step = { tx, principal, type, origin };
        const reached = await steps.reach(step, 'delete', id);
        expect(reached, expected);
        await steps.remove(step, reached);
      });
    },

    together: togetherBy({ unitOfWork, policy, seals }, steps),

    all: {
      async create({ principal, type, origin = {} }, inputs) {
        permitAny(principal, 'add', type);
        const given = await sealedInputs(type, itemsOf(inputs));
        await checkShapes(given, ({ input, sealed }) =>
          faultsOfShape({ sealed, choices }, type, withoutParts(type, input)),
        );
        return batch(principal, (tx) => insertAll(steps, { tx, principal, type, origin }, given));
      },

      async update({ principal, type, origin = {}, owns = everyRow }, inputs, { partial }) {
        permitAny(principal, 'change', type);
        const items = namedItems(inputs);
        const given = await sealedInputs(
          type,
          items.map(({ input }) => input),
        );
        return batch(principal, async (tx) => {
          const step = { tx, principal, type, origin };
          const reached = await reachAll(steps, step, items, { action: 'change', owns });
          const rows: AnyRow[] = [];
          for (const [index, one] of reached.entries())
            rows.push(await steps.update(step, one, { ...(given[index] as Given), partial }));
          return rows;
        });
      },

      async remove({ principal, type, origin = {}, owns = everyRow }, inputs) {
        permitAny(principal, 'delete', type);
        const items = namedItems(inputs);
        await batch(principal, async (tx) => {
          const step = { tx, principal, type, origin };
          for (const one of await reachAll(steps, step, items, { action: 'delete', owns }))
            await steps.remove(step, one);
        });
      },
    },
  };
}

function expect({ before }: Reached, expected: Expectation | undefined): void {
  if (expected && !expected(before)) throw new PreconditionFailed();
}
