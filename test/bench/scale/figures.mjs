import { hasValue, idOf } from './fill.mjs';

const full = (total) => (body) => body.results.length === Math.min(50, total) && body.count >= body.results.length;
const page = (query, share = 1) => ({
  ask: ({ ask, count }, round) => ask(`?limit=50&offset=${round}${query}`, { check: full(count * share - round) }),
});
const change = ({ ask }, round) =>
  ask(`${idOf(4)}/`, { method: 'PATCH', body: JSON.stringify({ description: `Changed ${round}` }) });
// Far apart, and none of them twice.
const nth = (count, round, rounds) => 1 + Math.floor(((round + 0.5) * count) / rounds);

/** What is asked of every host, each time something that was not asked before: answers that are kept would tell nothing. */
export const figures = [
  { title: 'First page of 50', most: 1.5, ...page('') },
  { title: 'First page of a filter that a quarter meets (`provider`)', ...page('&provider=hashicorp-vault', 0.25) },
  {
    title: 'First page of a prefix without case, a sixteenth, each time another: with its count',
    rounds: 16,
    ask: ({ ask }, round) => ask(`?limit=50&name__isw=SECRET+${round.toString(16)}`),
  },
  {
    title: 'First page under ten constraints on indexed lookups, a tenth',
    ask: ({ ask, count }, round) =>
      ask(`?limit=50&offset=${round}`, { constrained: true, check: full(Math.floor(count / 10) - round) }),
  },
  {
    title: 'First page after a change, counted again',
    rounds: 15,
    before: change,
    ask: ({ ask }, round) => ask(`?limit=50&offset=${round}`),
  },
  {
    title: 'The same with `count=estimate`',
    rounds: 15,
    before: (subject, round) => change(subject, round + 100),
    ask: ({ ask }, round) => ask(`?limit=50&count=estimate&offset=${round}`),
  },
  {
    title: 'Under ten constraints after a change, counted again',
    rounds: 5,
    before: (subject, round) => change(subject, round + 200),
    ask: ({ ask }, round) => ask(`?limit=50&offset=${round}`, { constrained: true }),
  },
  {
    title: 'The same with `count=estimate`',
    rounds: 5,
    before: (subject, round) => change(subject, round + 300),
    ask: ({ ask }, round) => ask(`?limit=50&count=estimate&offset=${round}`, { constrained: true }),
  },
  {
    title: 'Detail',
    most: 1.2,
    ask: ({ ask, count }, round, rounds) => ask(`${idOf(nth(count, round, rounds))}/`),
  },
  {
    title: 'Resolve: check, with its durable record',
    most: 1.2,
    ask: ({ ask, count }, round, rounds) => {
      const near = nth(count, round, rounds);
      const valued = [near, near + 1, near + 2, near - 1, near + 3].find((i) => i > 0 && i <= count && hasValue(i));
      return ask(`${idOf(valued)}/check/`, { check: ({ result }) => result === true });
    },
  },
];
