import type { Progress } from "@blockferry/explorer";
import type { Output } from "./surroundings.ts";

const INTERVAL_MS = 200;
const CLEAR_LINE = "\r\u001b[K";

const wholeNumber = new Intl.NumberFormat("en");

/** A count for people: `1,234,567`. */
export function countText(count: number): string {
  return wholeNumber.format(Math.round(count));
}

/** A line on a terminal that tells how far searches are, until it is ended; on anything else nothing. */
export function showSearchProgress(
  stderr: Output,
  nowMs: () => number,
  progress: () => Progress & { readonly what: string },
): () => void {
  if (!stderr.isTerminal) return () => {};
  let lastMs = nowMs();
  let lastStates = 0;
  const timer = setInterval(() => {
    const { what, states, depth } = progress();
    const atMs = nowMs();
    const rate = (Math.max(0, states - lastStates) * 1000) / (atMs - lastMs);
    lastMs = atMs;
    lastStates = states;
    const line = `${what}: ${countText(states)} states, ${countText(rate)} states/s, depth ${depth}`;
    stderr.write(`${CLEAR_LINE}${line.slice(0, Math.max(20, stderr.columns - 1))}`);
  }, INTERVAL_MS);
  return () => {
    clearInterval(timer);
    stderr.write(CLEAR_LINE);
  };
}
