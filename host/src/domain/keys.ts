/** What tells a row from all others: clients choose ids, so rows of two types can have one. */
export function keyOf(type: string, id: string): string {
  return `${type}\0${id}`;
}
