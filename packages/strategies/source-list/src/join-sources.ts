import { joinWords, type StrategyEngine } from "@blockferry/core";
import { RANGE_WORDS } from "@blockferry/core/plan";

/**
 * Joins the source ranges of a chunk that follow each other, in its window.
 *
 * @param byOther as posted: a range is held to follow when it would if the one before were as long as it is itself
 */
export function joinSources(engine: StrategyEngine, chunk: number, byOther: boolean): void {
  const { windows } = engine;
  const { window, ranges } = engine.chunks.columns;
  const first = window[chunk] * engine.windowRanges * RANGE_WORDS;
  const end = first + ranges[chunk] * RANGE_WORDS;
  let last = first;
  for (let at = first + RANGE_WORDS; at < end; at += RANGE_WORDS) {
    const before = joinWords(windows[last + 1], windows[last + 2]);
    const lba = joinWords(windows[at + 1], windows[at + 2]);
    const follows = before + windows[(byOther ? at : last) + 3] === lba;
    if (follows && windows[last] === windows[at]) {
      windows[last + 3] += windows[at + 3];
    } else {
      last += RANGE_WORDS;
      if (last !== at) windows.copyWithin(last, at, at + RANGE_WORDS);
    }
  }
  ranges[chunk] = (last - first) / RANGE_WORDS + 1;
}
