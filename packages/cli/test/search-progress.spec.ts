// Goal: on a terminal one line tells how far searches are, and is gone before a result is written; elsewhere there is none.
import { afterEach, expect, it, vi } from "vitest";
import { showSearchProgress } from "../src/output/search-progress.ts";

const so = { what: "1 of 3 searches", unit: "states", count: 123_456, rest: "depth 7" };

function terminal(isTerminal: boolean) {
  const written: string[] = [];
  const output = {
    isTerminal,
    columns: 80,
    write: (text: string) => written.push(text) > 0,
  };
  return { output, written };
}

afterEach(() => void vi.useRealTimers());

it("writes over one line, and clears it", () => {
  vi.useFakeTimers();
  const { output, written } = terminal(true);
  let now = 0;
  const progress = showSearchProgress(
    output,
    () => now,
    () => so,
  );
  now = 2000;
  vi.advanceTimersByTime(200);
  expect(written).toEqual(["\r\u001b[K1 of 3 searches: 123,456 states, 61,728 states/s, depth 7"]);
  progress.hide();
  expect(written.at(-1)).toBe("\r\u001b[K");
  progress.end();
  vi.advanceTimersByTime(2000);
  expect(written).toHaveLength(3);
});

it("says nothing where nobody watches", () => {
  vi.useFakeTimers();
  const { output, written } = terminal(false);
  const progress = showSearchProgress(
    output,
    () => 0,
    () => so,
  );
  vi.advanceTimersByTime(2000);
  progress.hide();
  progress.end();
  expect(written).toEqual([]);
});
