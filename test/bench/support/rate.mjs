import { performance } from 'node:perf_hooks';

/** The middle of some numbers. */
export function median(numbers) {
  const sorted = [...numbers].toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** Seconds of CPU that a process used between two answers of `process.cpuUsage()`. */
export const cpuSeconds = (before, after) => (after.user + after.system - before.user - before.system) / 1e6;

/**
 * How often `work(count)` does its thing a second: by the clock, and by the CPU time of this process, which a busy
 * machine does not spoil. Rounds after a warm-up; the middle one counts.
 */
export async function rateOf(work, { quick, rounds = quick ? 1 : 7 }) {
  const seconds = quick ? 0.02 : 0.7;
  let count = 16;
  const warmUp = performance.now() + seconds * 1000;
  for (let took = 0; took < 20 || performance.now() < warmUp;) {
    const began = performance.now();
    await work(count);
    took = performance.now() - began;
    if (took < 20) count *= 2;
  }
  const measured = [];
  for (let round = 0; round < rounds; round += 1) measured.push(await oneRound(work, count, seconds));
  const middle = (name) => median(measured.map((each) => each[name]));
  return { perCpuSecond: middle('perCpuSecond'), perSecond: middle('perSecond') };
}

async function oneRound(work, count, seconds) {
  const began = performance.now();
  const cpu = process.cpuUsage();
  let done = 0;
  do {
    await work(count);
    done += count;
  } while (performance.now() - began < seconds * 1000);
  return {
    perSecond: (done / (performance.now() - began)) * 1000,
    perCpuSecond: done / cpuSeconds(cpu, process.cpuUsage()),
  };
}

/** Makes `work` of a function that does its thing once; `callers` of them are under way at a time. */
export function repeat(once, callers = 1) {
  return async (count) => {
    let left = count;
    const caller = async () => {
      while (left > 0) {
        left -= 1;
        await once();
      }
    };
    await Promise.all(Array.from({ length: callers }, caller));
  };
}
