import type { Action, Principal } from '../domain/access';
import type { AnyRow, TypeDescriptor } from '../domain/descriptor';
import type { Scope } from '../domain/ports';
import type { RelatedRows, RelationPath } from './constraints/predicate';

/** Whether something may be done, and which rule says so. */
export interface Decision {
  readonly allowed: boolean;
  readonly rule: string;
}

/** What a decision is asked about. */
export interface DecisionRequest {
  readonly principal: Principal;
  readonly action: Action;
  readonly type: TypeDescriptor;
  /** The row as it stands, for everything but `add`. */
  readonly before?: AnyRow;
  /** The row as it would become, for `add` and `change`. */
  readonly after?: AnyRow;
  /** The related rows of each image, along the relations that the constraints look through. */
  readonly related?: { readonly before?: RelatedRows; readonly after?: RelatedRows };
  /** The rendered parameters that take the place of the stored ones, for `use` and `check`. */
  readonly rendered?: Readonly<Record<string, unknown>>;
}

/** Who may do what. Every list goes through `scope`, everything else through `decide`, mostly by way of `judge`. */
export interface Policy {
  scope(principal: Principal, action: Action, type: TypeDescriptor): Scope;
  decide(request: DecisionRequest): Decision;
  /** The relations that a decision looks through: `related` of the request must hold them. None when absent. */
  relations?(principal: Principal, action: Action, type: TypeDescriptor): readonly RelationPath[];
}
