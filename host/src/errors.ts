import { errorsOf, type ErrorRow } from '@latchkey/core/kernel';

const row = (message: string, remedy: string, retriable = false): ErrorRow => ({ message, remedy, retriable });

/** The errors of `@latchkey/host` by code. Documented in docs/errors.md. */
export const hostErrors = {
  'config-invalid': row('{source}: {fault}', 'Correct the setting; latchkey serve --help lists them all.'),
  'database-newer': row(
    'The database holds the migration "{migration}", which this version does not know.',
    'Start the version that wrote it, or a newer one, or restore a backup.',
  ),
  'database-open': row(
    'The database {file} cannot be opened ({cause}).',
    'Check that the folder exists and is writable, or that the server runs and knows the user.',
  ),
  'database-busy': row('Another process holds the database.', 'Try again; stop what holds it for so long.', true),
  'database-unavailable': row(
    'The database cannot be reached; a change that was under way may or may not have been kept.',
    'Try again; see whether PostgreSQL runs and takes connections.',
    true,
  ),
  'database-disk': row(
    'The change could not be kept: the disk of the database is full, or fails.',
    'Free space on it, or repair it; latchkey doctor says how much there is.',
    true,
  ),
  'token-key': row(
    'The token key in {file} is not the one that this database was made with.',
    'Restore the key file that belongs to the database.',
  ),
  'token-key-file': row(
    'The token key file {file} cannot be used ({cause}).',
    'Restore it, or name another with LATCHKEY_TOKEN_KEY_FILE.',
  ),
  'access-record': row(
    'The read could not be recorded, so no value is returned.',
    'Free space on the disk of the data folder, or repair it.',
    true,
  ),
  extension: row('The extension "{name}" cannot be added: {fault}', 'Mend the plugin, or leave it out.'),
  'unknown-user': row('There is no active user "{name}".', 'Name an existing user.'),
  'no-such-row': row('No {type} matches {criteria}.', 'Check the name, slug or id.'),
  'no-secret': row(
    'There is no secret for {accessType} {secretType} in the group "{group}" that you may use.',
    'Fill the slot, or ask for the permission.',
  ),
  invalid: row('The {type} is not valid: {faults}', 'Correct the fields named.'),
  conflict: row('The {type} is in use by: {dependants}', 'Remove it there first.'),
  'definition-moved': row('The definition changed again and again while it was read.', 'Try again.', true),
  tls: row(
    'The certificate cannot be used: {fault}.',
    'Correct the files that LATCHKEY_TLS_CERT_FILE and LATCHKEY_TLS_KEY_FILE name.',
  ),
  listen: row(
    'Cannot listen on {address} ({cause}).',
    'Choose another port with LATCHKEY_PORT or LATCHKEY_METRICS_PORT, or stop what uses it.',
  ),
} as const satisfies Record<string, ErrorRow>;

/** Builds an error of {@link hostErrors}. */
export const hostError = errorsOf(hostErrors);
