interface Step {
  /** The same for the same row of the same installation, in every import. */
  readonly id: string;
  /** The row's number in NetBox, to be kept where it is free. */
  readonly number: number | undefined;
}

/** A set of users. */
export interface GroupStep extends Step {
  readonly kind: 'group';
  readonly name: string;
}

/** A user that is not there yet; one that is gets no step, since nothing about it changes. */
export interface UserStep extends Step {
  readonly kind: 'user';
  readonly username: string;
  /** Django's hash, `pbkdf2_sha256$...`; a host that cannot check it leaves the user without a password. */
  readonly password_hash: string | undefined;
  readonly first_name: string;
  readonly last_name: string;
  readonly email: string;
  readonly is_superuser: boolean;
  readonly is_staff: boolean;
  readonly is_active: boolean;
  readonly created: string | undefined;
  readonly last_login: string | undefined;
  readonly groups: readonly string[];
}

/** A user's public key; where it is active, the store's master key is to be wrapped for it. */
export interface UserKeyStep extends Step {
  readonly kind: 'user-key';
  readonly user: string;
  readonly username: string;
  readonly public_key: string;
  readonly is_active: boolean;
  readonly created: string | undefined;
}

/** A token with its key in clear, to be hashed at once. */
export interface TokenStep extends Step {
  readonly kind: 'token';
  readonly user: string;
  readonly key: string;
  readonly description: string;
  readonly write_enabled: boolean;
  readonly created: string | undefined;
  readonly expires: string | undefined;
  readonly allowed_addresses: readonly string[];
}

/** The JSON of a permission's constraints; null where it has none. */
export type Constraints = Readonly<Record<string, unknown>> | readonly Readonly<Record<string, unknown>>[] | null;

/** What users and groups may do, in Latchkey's types and actions. */
export interface PermissionStep extends Step {
  readonly kind: 'permission';
  readonly name: string;
  readonly description: string;
  readonly enabled: boolean;
  readonly object_types: readonly string[];
  readonly actions: readonly string[];
  readonly constraints: Constraints;
  readonly users: readonly string[];
  readonly groups: readonly string[];
}

/** A word that secrets are marked with. */
export interface TagStep extends Step {
  readonly kind: 'tag';
  readonly name: string;
  readonly slug: string;
  readonly color: string;
  readonly description: string;
  readonly created: string | undefined;
  readonly last_updated: string | undefined;
}

/** A field that the installation added. */
export interface CustomFieldStep extends Step {
  readonly kind: 'custom-field';
  readonly name: string;
  readonly label: string;
  readonly description: string;
  readonly type: string;
  readonly required: boolean;
  readonly default: unknown;
  readonly weight: number;
  readonly filter_logic: string;
  /** In their order; until 2.9 each has a number, by which clients write it. */
  readonly choices: readonly { readonly value: string; readonly number: number | undefined }[];
  readonly object_types: readonly string[];
  readonly validation_minimum: number | undefined;
  readonly validation_maximum: number | undefined;
  readonly validation_regex: string;
}

/** A role of secrets. */
export interface RoleStep extends Step {
  readonly kind: 'role';
  readonly name: string;
  readonly slug: string;
  readonly description: string;
  readonly custom_fields: Readonly<Record<string, unknown>>;
  readonly created: string | undefined;
  readonly last_updated: string | undefined;
}

/** An object of the inventory. */
export interface ObjectStep extends Step {
  readonly kind: 'object';
  readonly object_type: string;
  readonly name: string;
  /** NetBox's natural form of the name, by which it sorts. */
  readonly sort_name: string | undefined;
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly created: string | undefined;
  readonly last_updated: string | undefined;
}

/** A secret with its plaintext, to be sealed and wiped at once. */
export interface SecretStep extends Step {
  readonly kind: 'secret';
  readonly name: string;
  readonly role: string;
  readonly object: string | undefined;
  readonly plaintext: Buffer;
  /** What NetBox showed as `hash`; derived from the plaintext without a key, so for a sealed place at most. */
  readonly legacy_hash: string;
  readonly description: string;
  readonly comments: string;
  readonly tags: readonly string[];
  readonly custom_fields: Readonly<Record<string, unknown>>;
  /** One more than the number of older versions that are to follow. */
  readonly version: number;
  readonly created: string | undefined;
  readonly last_updated: string | undefined;
}

/** An older value of a secret, from the change log. */
export interface VersionStep extends Step {
  readonly kind: 'version';
  readonly secret: string;
  /** From 1, the oldest. */
  readonly version: number;
  readonly plaintext: Buffer;
  readonly legacy_hash: string;
  readonly created: string;
}

/** A line of the change log, without ciphertexts and hashes. */
export interface ChangeStep extends Step {
  readonly kind: 'change';
  readonly time: string;
  readonly user: string | undefined;
  readonly user_name: string;
  readonly request_id: string;
  readonly action: string;
  readonly changed_object_type: string;
  readonly changed_object_id: string;
  readonly object_repr: string;
  readonly before: unknown;
  readonly after: unknown;
}

/** One thing to make; one whose id is there already is to be passed over. */
export type ImportStep =
  | GroupStep
  | UserStep
  | UserKeyStep
  | TokenStep
  | PermissionStep
  | TagStep
  | CustomFieldStep
  | RoleStep
  | ObjectStep
  | SecretStep
  | VersionStep
  | ChangeStep;
