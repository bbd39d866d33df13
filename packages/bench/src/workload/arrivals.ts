/** Pairs whose halves are under way at one time. */
export const PAIRS = 32;

/** Orders in which halves arrive: each beside its partner, all destinations before all sources, or shuffled. */
export const arrivalOrders = ["adjacent", "blocks", "shuffled"] as const;
export type ArrivalOrder = (typeof arrivalOrders)[number];

/** The order as numbers: `i` is the destination of pair `i`, `~i` its source. The C program makes the same. */
export function arrivals(order: ArrivalOrder): Int32Array {
  const events = new Int32Array(2 * PAIRS);
  for (let i = 0; i < PAIRS; i++) {
    const together = order !== "blocks";
    events[together ? 2 * i : i] = i;
    events[together ? 2 * i + 1 : PAIRS + i] = ~i;
  }
  if (order !== "shuffled") return events;
  let seed = 99;
  for (let i = 2 * PAIRS - 1; i > 0; i--) {
    seed = (Math.imul(seed, 1103515245) + 12345) & 0x7fffffff;
    const j = (seed >> 8) % (i + 1);
    const other = events[i];
    events[i] = events[j];
    events[j] = other;
  }
  return events;
}
