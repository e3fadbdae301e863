/** A condition in SQL; where it is not exact, it holds for every row that is meant, and for others too. */
export interface Where {
  readonly text: string;
  readonly exact: boolean;
}

export const always: Where = { text: '1 = 1', exact: true };
export const never: Where = { text: '1 = 0', exact: true };

/** A condition that tells by itself. */
export const exactly = (text: string): Where => ({ text, exact: true });

/** All of them hold. */
export function and(all: readonly Where[]): Where {
  if (all.includes(never)) return never;
  return joined(
    'AND',
    all.filter((one) => one !== always),
    always,
  );
}

/** One of them holds. */
export function or(any: readonly Where[]): Where {
  if (any.includes(always)) return always;
  return joined(
    'OR',
    any.filter((one) => one !== never),
    never,
  );
}

// In halves, since SQLite refuses an expression that is nested 1000 deep, and a row of ORs is.
function joined(word: 'AND' | 'OR', all: readonly Where[], none: Where): Where {
  const [first = none] = all;
  if (all.length < 2) return first;
  const middle = all.length >> 1;
  const [left, right] = [joined(word, all.slice(0, middle), none), joined(word, all.slice(middle), none)];
  return { text: `(${left.text} ${word} ${right.text})`, exact: left.exact && right.exact };
}
