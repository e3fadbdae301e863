import type { AnyRow } from './descriptor';

/** Messages by the place of an item in a list. */
export type ItemFaults = Readonly<Record<string, readonly string[]>>;

/**
 * Messages by field; `non_field_errors` and `__all__` stand for the whole, as Nautobot has it. A field of rows has the
 * faults of each, in their order.
 */
export interface FieldFaults {
  readonly [field: string]: readonly string[] | ItemFaults | readonly FieldFaults[];
}

function textOf(found: FieldFaults[string]): string {
  return Object.values<string | readonly string[] | FieldFaults>(found)
    .flat()
    .map((one) => (typeof one === 'string' ? one : new InvalidInput(one).message))
    .join(' ');
}

/** The input breaks a rule; says which field and why. */
export class InvalidInput extends Error {
  constructor(readonly faults: FieldFaults) {
    super(
      Object.entries(faults)
        .map(([field, found]) => `${field === '__all__' ? '' : `${field}: `}${textOf(found)}`)
        .join(' '),
    );
    this.name = 'InvalidInput';
  }
}

/** Some rows of a list break a rule; says of each, in the list's order, which field and why, or nothing. */
export class InvalidRows extends Error {
  constructor(readonly rows: readonly FieldFaults[]) {
    const told = rows.map((faults, index) => ({ index, text: new InvalidInput(faults).message }));
    super(
      told
        .filter(({ text }) => text !== '')
        .map(({ index, text }) => `item ${index}: ${text}`)
        .join(' '),
    );
    this.name = 'InvalidRows';
  }
}

/** There is no such row, or the principal may not know of it; the two look the same. */
export class NotFound extends Error {
  constructor(message = 'Not found.') {
    super(message);
    this.name = 'NotFound';
  }
}

/** The principal may not do this to rows of this type. */
export class Forbidden extends Error {
  constructor(message = 'You do not have permission to perform this action.') {
    super(message);
    this.name = 'Forbidden';
  }
}

/** What a change demands of the row that it finds. */
export type Expectation = (row: AnyRow) => boolean;

/** The row is not as the change demands: somebody else was first. */
export class PreconditionFailed extends Error {
  constructor() {
    super('The row has changed since it was read, or is not as If-Match or If-None-Match demands.');
    this.name = 'PreconditionFailed';
  }
}

/** The row is needed elsewhere; names where. */
export class Conflict extends Error {
  constructor(
    message: string,
    readonly dependants: readonly string[],
  ) {
    super(message);
    this.name = 'Conflict';
  }
}
