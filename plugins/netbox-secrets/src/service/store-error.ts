/** Why something of the store is refused; the HTTP side gives each its status and its words. */
export type StoreRefusal =
  | 'no-user-key'
  | 'inactive-user-key'
  | 'wrong-private-key'
  | 'wrong-session-key'
  | 'session-needed'
  | 'last-way'
  | 'no-challenge'
  | 'bad-public-key'
  | 'legacy-unlock-off';

/** A refusal of the store; its message is for people and holds nothing that was given. */
export class StoreError extends Error {
  constructor(
    readonly refusal: StoreRefusal,
    message: string,
  ) {
    super(message);
    this.name = 'StoreError';
  }
}
