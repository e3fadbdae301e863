import type { AnyRow, TypeDescriptor } from '../domain/descriptor';
import { Forbidden, InvalidInput, NotFound, type FieldFaults } from '../domain/failures';
import { notAList } from '../domain/messages';
import type { Given, RowSteps, Step } from './row-steps';
import { Faults, faultsOfShape, readFields, relatedIn, type ReadingContext } from './validate';
import type { ReferenceContext } from './references';

/** The most parts that come with a row, or with all rows of a list. */
export const mostParts = 100;

/** What a relation of parts is: the type of the parts, and their field that refers to the whole. */
interface PartOf {
  readonly name: string;
  readonly type: TypeDescriptor;
  readonly whole: string;
}

/** What parts are read with. */
export interface PartsContext extends Pick<ReferenceContext, 'policy' | 'typeOf'>, Pick<ReadingContext, 'choices'> {}

type Input = Readonly<Record<string, unknown>>;

const sealed: Given['sealed'] = new Map();
const tooMany = `Send at most ${mostParts} rows at a time.`;

/** An input without the parts that it gives. */
export function withoutParts({ parts = [] }: TypeDescriptor, input: unknown): unknown {
  if (!isInput(input) || !parts.some((name) => Object.hasOwn(input, name))) return input;
  return Object.fromEntries(Object.entries(input).filter(([name]) => !parts.includes(name)));
}

/** Refuses inputs that give more parts between them than may hold the write lock together. */
export function checkParts({ parts = [] }: TypeDescriptor, inputs: readonly unknown[]): void {
  const lists = inputs.filter(isInput).flatMap((input) => parts.map((name) => input[name]));
  const count = lists.reduce<number>((sum, list) => sum + (Array.isArray(list) ? list.length : 0), 0);
  if (count > mostParts) throw new InvalidInput({ non_field_errors: [tooMany] });
}

/**
 * Steps that take the parts of a row in one input with it: a group's slots. New ones are made, and a change replaces the
 * set; each part is permitted, validated and told as if it came alone.
 */
export function withParts(steps: RowSteps, context: PartsContext): RowSteps {
  const given = (type: TypeDescriptor, input: unknown): readonly (readonly [PartOf, unknown])[] =>
    (type.parts ?? []).flatMap((name) => {
      if (!isInput(input) || !Object.hasOwn(input, name) || input[name] === undefined) return [];
      const via = type.relations?.[name]?.via;
      if (!via) throw new Error(`${type.name} has no parts "${name}".`);
      return [[{ name, type: context.typeOf(via.type), whole: via.from }, input[name]]];
    });

  /** Does what an input says of the whole, and tells what is wrong with the parts together with what is wrong there. */
  async function whole(step: Step, input: unknown, work: (own: unknown) => Promise<AnyRow>): Promise<AnyRow> {
    const parts = given(step.type, input);
    if (parts.length === 0) return work(input);
    const faults: Record<string, FieldFaults[string]> = {};
    for (const [part, list] of parts) {
      const found = await faultsOfList(part, list);
      if (found) faults[part.name] = found;
    }
    const row = await work(withoutParts(step.type, input)).catch((error: unknown) => {
      throw error instanceof InvalidInput ? new InvalidInput({ ...error.faults, ...faults }) : error;
    });
    if (Object.keys(faults).length > 0) throw new InvalidInput(faults);
    for (const [part, list] of parts) await replace({ ...step, type: part.type }, part, row, list as readonly Input[]);
    return row;
  }

  async function faultsOfList({ type, whole: field }: PartOf, list: unknown): Promise<FieldFaults[string] | undefined> {
    if (!Array.isArray(list)) return [notAList(list)];
    if (list.length > mostParts) return [tooMany];
    const faults: FieldFaults[] = [];
    for (const item of list as readonly unknown[])
      faults.push(
        await faultsOfShape(
          { sealed, choices: context.choices },
          type,
          isInput(item) ? { ...item, [field]: '' } : item,
        ),
      );
    return faults.some((one) => Object.keys(one).length > 0) ? faults : undefined;
  }

  async function replace(step: Step, { name, type, whole: field }: PartOf, row: AnyRow, items: readonly Input[]) {
    const place = (type.unique.find((set) => set.includes(field)) ?? [field]).filter((one) => one !== field);
    const keyOf = (part: Input): string => JSON.stringify(place.map((one) => part[one]));
    const filters = [{ field, values: [row.id] }];
    const { rows: standing } = await step.tx.list(type, { scope: { kind: 'all' }, filters, limit: 1000, offset: 0 });
    const left = new Map((standing as unknown as readonly AnyRow[]).map((part) => [keyOf(part), part]));
    const changes = items.map((item) => {
      const before = left.get(keyOf(item));
      left.delete(keyOf(item));
      return { before, input: { ...item, [field]: row.id } };
    });
    for (const { id } of left.values()) await steps.remove(step, await reach(step, 'delete', id));
    const faults: FieldFaults[] = [];
    for (const { before, input } of changes)
      try {
        if (!before) await steps.insert(step, { input, sealed });
        else if (!(await isSame(step, before, input)))
          await steps.update(step, await reach(step, 'change', before.id), { input, sealed, partial: true });
        faults.push({});
      } catch (error) {
        if (!(error instanceof InvalidInput)) throw error;
        faults.push(error.faults);
      }
    if (faults.some((one) => Object.keys(one).length > 0)) throw new InvalidInput({ [name]: faults });
  }

  /** A part that stands in the way and is out of reach cannot be passed over as if it were not there. */
  async function reach(step: Step, action: 'change' | 'delete', id: string) {
    try {
      await steps.reach(step, 'view', id);
      return await steps.reach(step, action, id);
    } catch (error) {
      throw error instanceof NotFound ? new Forbidden() : error;
    }
  }

  async function isSame({ tx, principal, type }: Step, before: AnyRow, input: Input): Promise<boolean> {
    const faults = new Faults();
    const readRelated = relatedIn({ ...context, rows: tx, principal });
    const values = await readFields({ ...context, sealed, readRelated }, type, input, 'patch', faults);
    faults.throwIfAny();
    const others = Object.keys(input).filter((name) => !Object.hasOwn(values, name));
    return others.length === 0 && Object.entries(values).every(([name, value]) => before[name] === value);
  }

  return {
    ...steps,
    insert: (step, one) => whole(step, one.input, (input) => steps.insert(step, { ...one, input })),
    update: (step, reached, one) => whole(step, one.input, (input) => steps.update(step, reached, { ...one, input })),
  };
}

function isInput(value: unknown): value is Input {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
