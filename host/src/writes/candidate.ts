import { randomUUID } from 'node:crypto';
import { defaultsOf, type AnyRow, type TypeDescriptor } from '../domain/descriptor';
import type { FieldFaults } from '../domain/failures';
import { customValuesAfter } from './custom-values';
import type { Guard } from './guard';
import { checkNames, isTaken } from './names';
import { freeSlug } from './slugs';
import { checkUnique, uniqueSetWith } from './unique';
import type { ReferenceContext } from './references';
import { checkWhole, Faults, readFields, relatedIn, type ReadingContext, type ReadingMode } from './validate';

/** An extra rule of a type, on the row as it would become; pure. */
export type WriteRule = (after: AnyRow) => FieldFaults | undefined;

/**
 * Fields that no body gives and the calling code sets: ciphertexts, marks, and, where rows come from another system, their
 * `id`, `number`, `created` and `last_updated`. A function is given the row as it would become, once its fields are good.
 */
export type OwnFields = OwnValues | ((row: AnyRow) => OwnValues);

type OwnValues = Readonly<Record<string, unknown>>;

/** What a candidate is judged by. */
export interface CandidateContext extends ReferenceContext, Omit<ReadingContext, 'readRelated'> {
  /** Extra rules, by the name of the type. */
  readonly rules: Readonly<Record<string, WriteRule>>;
  readonly guardOf: (type: TypeDescriptor) => Guard;
  readonly now: () => Date;
}

/** What a candidate is made of. */
export interface CandidateRequest {
  readonly type: TypeDescriptor;
  readonly before: AnyRow | undefined;
  readonly input: unknown;
  readonly mode: ReadingMode;
  /** What the calling code sets; no input gives it. */
  readonly own?: OwnFields | undefined;
}

/** The row as it would become, or a refusal that names every fault; nothing is saved. */
export async function candidate(
  context: CandidateContext,
  { type, before, input, mode, own = {} }: CandidateRequest,
): Promise<AnyRow> {
  const { rows, principal, rules, guardOf, now } = context;
  const [fixed, worked] = typeof own === 'function' ? [{}, own] : [own, undefined];
  const faults = new Faults();
  const values = await readFields({ ...context, readRelated: relatedIn(context) }, type, input, mode, faults);
  if (type.customizable)
    values.custom_fields = await customValuesAfter(rows, type, { before, given: values.custom_fields }, faults);
  let after: AnyRow = { ...(before ?? blank(type)), ...values, ...stamps(type, before, now().toISOString()), ...fixed };
  if (before && isOtherId(input, before.id)) faults.add('id', 'This field may not be changed.');
  const images = { before, after, given: new Set(Object.keys(values)) };
  await checkUnique(rows, type, images, faults);
  await checkNames(rows, type, images, faults);
  faults.throwIfAny();

  checkWhole(type, after, faults);
  faults.throwIfAny();
  if (worked) after = { ...after, ...worked(after) };
  faults.addAll(rules[type.name]?.(after));
  faults.addAll(await guardOf(type)({ principal, rows, before, after }));
  faults.throwIfAny();

  if (!type.fields.slug || after.slug !== undefined) return after;
  const taken = async (slug: string): Promise<boolean> =>
    (await rows.get(type, uniqueSetWith(type, 'slug', { ...after, slug }))) !== undefined ||
    isTaken(rows, type, slug, after);
  return { ...after, slug: await freeSlug(type, String(after.name), taken) };
}

/** Another id is refused rather than passed over: the client means another row. */
function isOtherId(input: unknown, id: string): boolean {
  const given = (input as { readonly id?: unknown }).id;
  return given !== undefined && (typeof given !== 'string' || given.toLowerCase() !== id);
}

/** A row of defaults; what must be given is not in it. */
function blank(type: TypeDescriptor): AnyRow {
  return { ...defaultsOf(type), id: randomUUID() };
}

function stamps({ fields }: TypeDescriptor, before: AnyRow | undefined, time: string): Record<string, string> {
  return {
    ...(fields.created && !before && { created: time }),
    ...(fields.last_updated && { last_updated: time }),
  };
}
