/** The words that may end a key of a constraint; what they mean stands in one table, in permissions. */
export type LookupName =
  | 'exact'
  | 'iexact'
  | 'contains'
  | 'icontains'
  | 'startswith'
  | 'istartswith'
  | 'endswith'
  | 'iendswith'
  | 'in'
  | 'gt'
  | 'gte'
  | 'lt'
  | 'lte'
  | 'range'
  | 'isnull'
  | 'regex'
  | 'iregex';

/** The user that `$user` stands for; an id of undefined equals nothing. */
export interface UserIdentity {
  readonly id: string | undefined;
  readonly name: string;
}

/** `$user`: a place for a property of the user, never text that is put together. */
export interface UserToken {
  readonly $user: keyof UserIdentity;
}

/** What a field is compared with. */
export type Operand = string | number | boolean | null | UserToken;

/** One lookup on one field of a row. */
export interface Clause {
  readonly field: string;
  /** The way down to a leaf of a JSON field; names of members, exact, never indices. Empty for other fields. */
  readonly keys: readonly string[];
  readonly lookup: LookupName;
  /** One value, as many as a list has, or the two ends of a range. */
  readonly values: readonly Operand[];
  /** The key as it was written. */
  readonly text: string;
}

/** Everything that one row must meet, by its own fields and through its relations. */
export interface Conjunction {
  readonly clauses: readonly Clause[];
  readonly related: readonly RelatedConjunction[];
}

/** One related row, the same one, must meet a whole conjunction. */
export interface RelatedConjunction {
  readonly relation: string;
  /** The name of the type at the far end. */
  readonly target: string;
  readonly meets: Conjunction;
  /** True where a row without any related row passes too: nothing but `isnull: true` is asked of the related one. */
  readonly orNone: boolean;
}

/** Which rows of a type: those that meet one of the conjunctions. Plain data, made by `parseConstraints` alone. */
export interface Constraint {
  /** The name of the type whose rows it is about. */
  readonly type: string;
  readonly any: readonly Conjunction[];
}
