// Timing two ways of doing the same work in turns, so that what else the machine does falls on both alike.
import { performance } from 'node:perf_hooks';

/** The middle value; of an even number of values the lower of the two in the middle. */
export function median(values: number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.ceil(sorted.length / 2) - 1]!;
}

/** Milliseconds that `work` takes. */
export async function time(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

/**
 * Runs every work once to warm up and then in turns, A B A B, for `rounds` rounds or until `seconds` have passed.
 * Returns the median of each in milliseconds.
 */
export async function inTurns(
  works: (() => Promise<unknown>)[],
  { rounds, seconds }: { rounds: number; seconds: number },
): Promise<number[]> {
  for (const work of works) await work();
  const times = works.map((): number[] => []);
  const end = performance.now() + seconds * 1000;
  for (let round = 0; round < rounds && (round === 0 || performance.now() < end); round += 1) {
    for (const [index, work] of works.entries()) times[index]!.push(await time(work));
  }
  return times.map(median);
}
