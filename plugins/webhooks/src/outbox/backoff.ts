const longest = 3_600_000;

/** How long to wait after so many failures: doubled each time, at most an hour, and of that a random part, at least half. */
export function waitAfter(failures: number, first: number, random: () => number = Math.random): number {
  const most = Math.min(longest, first * 2 ** Math.min(failures - 1, 30));
  return Math.round(most * (0.5 + random() / 2));
}
