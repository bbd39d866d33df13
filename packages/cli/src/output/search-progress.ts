import type { Output } from "./surroundings.ts";

const INTERVAL_MS = 200;
const CLEAR_LINE = "\r\u001b[K";

const wholeNumber = new Intl.NumberFormat("en");

/** A count for people: `1,234,567`. */
export function countText(count: number): string {
  return wholeNumber.format(Math.round(count));
}

/** What a line of progress tells. */
export interface ShownProgress {
  readonly what: string;
  /** What is counted. */
  readonly unit: string;
  readonly count: number;
  readonly rest: string;
}

export interface SearchProgress {
  /** Leaves the terminal's line to what is written next. */
  hide(): void;
  end(): void;
}

/** A line on a terminal that tells how far work is, until it is ended; on anything else nothing. */
export function showSearchProgress(
  stderr: Output,
  nowMs: () => number,
  progress: () => ShownProgress,
): SearchProgress {
  if (!stderr.isTerminal) return { hide() {}, end() {} };
  let lastMs = nowMs();
  let lastCount = 0;
  const timer = setInterval(() => {
    const { what, unit, count, rest } = progress();
    const atMs = nowMs();
    const rate = (Math.max(0, count - lastCount) * 1000) / (atMs - lastMs);
    lastMs = atMs;
    lastCount = count;
    const line = `${what}: ${countText(count)} ${unit}, ${countText(rate)} ${unit}/s, ${rest}`;
    stderr.write(`${CLEAR_LINE}${line.slice(0, Math.max(20, stderr.columns - 1))}`);
  }, INTERVAL_MS);
  const hide = (): void => void stderr.write(CLEAR_LINE);
  return {
    hide,
    end() {
      clearInterval(timer);
      hide();
    },
  };
}
