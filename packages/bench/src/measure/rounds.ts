import { median } from "./median.ts";

/** Somebody who takes part in a comparison: gives one round's value. */
export type Contestant = () => number | Promise<number>;

/**
 * Rounds in which everybody has a turn, so that what else the machine does meets all alike. Returns medians. A ratio is
 * the median of each round's ratio, not the ratio of medians: rounds differ more than their contestants.
 */
export async function interleave<K extends string>(
  contestants: Readonly<Record<K, Contestant>>,
  rounds: number,
): Promise<{ medians: Record<K, number>; ratio(of: K, to: K): number }> {
  const names = Object.keys(contestants) as K[];
  const values = Object.fromEntries(names.map((name) => [name, [] as number[]])) as Record<
    K,
    number[]
  >;
  for (let round = 0; round < rounds; round++) {
    for (const name of names) values[name].push(await contestants[name]());
  }
  const medians = Object.fromEntries(names.map((name) => [name, median(values[name])]));
  return {
    medians: medians as Record<K, number>,
    ratio: (of, to) => median(values[of].map((value, round) => value / (values[to][round] ?? 1))),
  };
}
