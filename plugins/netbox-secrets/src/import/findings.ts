interface FindingText {
  readonly text: string;
  /** Whether something of NetBox is missing afterwards. */
  readonly isLoss: boolean;
}

const loss = (text: string): FindingText => ({ text, isLoss: true });
const note = (text: string): FindingText => ({ text, isLoss: false });

/** What an import may have to say about a row, by code; `isLoss` where something does not come over. */
export const findingTexts = {
  'row-unreadable': loss('The row cannot be read.'),
  'key-without-user': loss('The user of the user key is not in the dump.'),
  'token-without-user': loss('The user of the token is not in the dump.'),
  'token-hashed': loss('The dump holds only the hash of the token; its owner needs a new one.'),
  'token-withheld': loss('The token is of an ordinary user; the user of the same name here is a superuser.'),
  'link-lost': loss('The row refers to another that is not in the dump.'),
  'types-missing': loss('The content type is not in the dump; make dumpdata with --natural-foreign.'),
  'permission-unlimited': loss('The constraints of the permission hold no condition; decide what is meant.'),
  'permission-foreign': loss('The permission is about nothing that is imported.'),
  'permission-narrowed': note('Of the permission, only what is about imported types comes over.'),
  'secret-text-left': loss('Secrets have no description and no comments here: those of the secret do not come over.'),
  'secret-without-role': loss('The role of the secret is not in the dump.'),
  'secret-without-object': loss('The object of the secret is not in the dump.'),
  'secret-damaged': loss('The secret is damaged: no key can open it.'),
  'secret-other-key': loss('The secret is of another master key, or damaged in its first bytes.'),
  'secret-hash': loss('The secret opens, but its text is not that of its hash: the row is damaged.'),
  'secret-hash-form': loss('The hash of the secret is none, so that its text cannot be verified.'),
  'version-lost': loss('An older value in the change log does not open.'),
  'history-of-removed': note('The change log holds values of a secret that was removed; they do not come over.'),
  'secret-healed': note('The secret was written with a broken header, and unreadable to NetBox; it is healed.'),
  'secret-from-history': note('The row of the secret is damaged; its value was found in the change log.'),
  'object-assumed': note('The object of the secret is of a type that is not read; it comes over by its name.'),
  'object-renamed': note('Another object of the type has this name; this one is told apart by site or number.'),
  'row-merged': note(
    'A row here goes by the same already: it is taken, and stays as it is, with the rights that name it.',
  ),
  'group-renamed': note('There is a group of this name already; the one of NetBox comes in beside it.'),
  'user-merged': note('There is a user of this name already; it keeps its rights, and gets no new ones.'),
  'right-withheld': note('The right would be new to a user that was here before; give it by hand if it is meant.'),
  'row-refused': loss('The host refuses the row.'),
  'role-fields-left': loss('Roles have no custom fields here: those of the role do not come over.'),
  'value-left': loss('The custom field of the value, or the choice, is not in the dump; the value does not come over.'),
  'fields-refused': loss('The host refuses custom fields of the secret; it comes over without them.'),
  'tags-refused': loss('The host refuses tags of the secret; it comes over without them.'),
  'key-kept': note('The user has another user key here already; that of NetBox does not come over.'),
  'key-activated': note('The user key is active here too: it opens the secrets that were stored here before.'),
  'password-left': note('The password does not come over; give the user a new one.'),
  'columns-left': note('These columns of the table are not read; what they hold does not come over.'),
  'other-application': note('Rows of another secrets application are in the dump, and are not imported.'),
} as const satisfies Readonly<Record<string, FindingText>>;

/** A code of {@link findingTexts}. */
export type FindingCode = keyof typeof findingTexts;

/** Something to tell about one row; names of things may be in it, values never. */
export interface Finding {
  readonly code: FindingCode;
  /** The kind of record, such as `secret`. */
  readonly of: string;
  readonly pk: number | undefined;
  /** Where the row stands, what it is called, or which field is wrong. */
  readonly detail?: string;
}
