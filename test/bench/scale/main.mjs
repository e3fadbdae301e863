import { median } from '../support/rate.mjs';
import { openEngines } from './engines.mjs';
import { figures } from './figures.mjs';
import { fillSubject } from './subject.mjs';

const warmUp = 5;

/** Measures hosts of growing size on every engine that there is: the lines of a table, of each engine in turn. */
export async function measureScale({ quick, folder }) {
  const say = (text) => process.stderr.write(`bench: ${text}\n`);
  const sizes = quick ? [100, 200] : [1_000, 100_000, 1_000_000];
  const engines = await openEngines(folder, say);
  try {
    const lines = [];
    for (const engine of engines) lines.push(...(await measureEngine(engine, sizes, { quick, folder, say })));
    return { sizes, lines };
  } finally {
    for (const { stop } of engines) await stop();
  }
}

async function measureEngine(engine, sizes, { quick, folder, say }) {
  const starts = [];
  for (const size of sizes) starts.push(await fillSubject(engine, size, { folder, say }));
  // Once all are filled: a host that had rested meanwhile would have given memory back.
  const subjects = [];
  for (const start of starts) subjects.push(await start());
  const lines = [];
  const memory = subjects.map(() => []);
  for (const { title, most, rounds = 60, before, ask } of figures) {
    say(`${engine.title}: ${title} ...`);
    const took = await alternating(subjects, { rounds: quick ? 2 : rounds, before, ask });
    lines.push({ engine: engine.title, title, unit: 'ms', most, values: took });
    // After every figure, since it goes up and down with the collector.
    for (const [at, subject] of subjects.entries()) memory[at].push((await subject.facts()).rss / 2 ** 20);
  }
  const values = memory.map(median);
  lines.push({ engine: engine.title, title: 'Resident memory meanwhile', unit: 'MB', most: 1.2, values });
  for (const subject of subjects) await subject.stop();
  return lines;
}

/** The hosts take turns, so that whatever else the machine does falls on all of them; the middle one counts. */
async function alternating(subjects, { rounds, before, ask }) {
  const took = subjects.map(() => []);
  const first = rounds > 2 * warmUp ? -warmUp : 0;
  for (let round = first; round < rounds; round += 1) {
    for (const [at, subject] of subjects.entries()) {
      await before?.(subject, round);
      // A warm-up asks what is asked later anyway, of lists a page further on.
      const milliseconds = await ask(subject, round < 0 ? rounds - round : round, rounds + warmUp + 1);
      if (round >= 0) took[at].push(milliseconds);
    }
  }
  return took.map(median);
}
