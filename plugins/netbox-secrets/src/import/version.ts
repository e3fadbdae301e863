/** Which NetBox wrote a dump, as far as its tables tell. */
export interface NetboxVersion {
  /** `2.9`, `2.10`, `2.11`, `2.8 or older`, or the name of a successor plugin. */
  readonly name: string;
  /** Whether the dump is of the versions that are promised; of others, what is known of them is read. */
  readonly isPromised: boolean;
  /** Whether model permissions and the users of roles decide: up to 2.8. */
  readonly hasRoleGrants: boolean;
}

type Shape = ReadonlyMap<string, readonly string[]>;

const has = (shape: Shape, table: string, column: string): boolean => shape.get(table)?.includes(column) ?? false;

/** The version by the tables and columns of a dump; `app` is the application that its secrets are of. */
export function versionOf(shape: Shape, app: string): NetboxVersion {
  if (app !== 'secrets') return { name: app.replace('_', '-'), isPromised: false, hasRoleGrants: false };
  const hasRoleGrants = shape.has('secrets.secretrole_users') || has(shape, 'secrets.secretrole', 'users');
  if (hasRoleGrants) return { name: '2.8 or older', isPromised: false, hasRoleGrants };
  const isTwoEleven =
    has(shape, 'secrets.secretrole', 'custom_field_data') || has(shape, 'extras.objectchange', 'postchange_data');
  const isTwoTen =
    has(shape, 'secrets.secret', 'assigned_object_id') || has(shape, 'secrets.secret', 'assigned_object_type');
  const name = isTwoEleven ? '2.11' : isTwoTen ? '2.10' : '2.9';
  return { name, isPromised: true, hasRoleGrants };
}
