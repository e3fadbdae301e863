/**
 * Makes what bounds the values of a label: the first so many are told as they are, any other is `other`. A series, once
 * made, is kept for as long as the process lives, so nothing that a client can choose may make one without end.
 */
export function bounded(most: number): (value: string) => string {
  const known = new Set<string>();
  return (value) => {
    if (known.has(value)) return value;
    if (known.size >= most) return 'other';
    known.add(value);
    return value;
  };
}
