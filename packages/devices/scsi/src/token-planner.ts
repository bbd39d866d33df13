import {
  type CommandBounds,
  CURSOR_OFFSET,
  CURSOR_RANGE,
  planCommand,
  RANGE_WORDS,
  windowLayout,
} from "@blockferry/core/plan";
import { disjointRanges, type SortedRanges, sortedRanges } from "./disjoint-ranges.ts";

/** Plans the ranges of one token at a time. */
export class TokenPlanner {
  /** Ranges of the token that was planned last, in the layout of windows. */
  declare plan: Int32Array;
  declare private sorted: SortedRanges;
  declare private readonly names: Int32Array;

  constructor(devicesMax: number) {
    this.plan = new Int32Array(0);
    this.sorted = sortedRanges(0);
    this.names = new Int32Array(devicesMax);
  }

  makeRoom(ranges: number): void {
    if (this.plan.length >= ranges * RANGE_WORDS) return;
    this.plan = new Int32Array(ranges * RANGE_WORDS);
    this.sorted = sortedRanges(ranges);
  }

  /** Plans from the cursor on, up to range `end`: as many ranges as have no block in common. Returns their number. */
  next(
    window: Int32Array,
    base: number,
    end: number,
    cursor: Int32Array,
    cursorAt: number,
    bounds: CommandBounds,
  ): number {
    const range = cursor[cursorAt + CURSOR_RANGE];
    const offset = cursor[cursorAt + CURSOR_OFFSET];
    const ranges = this.cut(window, base, end, cursor, cursorAt, bounds);
    const disjoint = disjointRanges(this.plan, ranges, this.sorted);
    if (disjoint === ranges) return ranges;
    cursor[cursorAt + CURSOR_RANGE] = range;
    cursor[cursorAt + CURSOR_OFFSET] = offset;
    const fewer = { ...bounds, rangesMax: disjoint };
    return this.cut(window, base, end, cursor, cursorAt, fewer);
  }

  private cut(
    window: Int32Array,
    base: number,
    end: number,
    cursor: Int32Array,
    at: number,
    bounds: CommandBounds,
  ): number {
    const { plan, names } = this;
    return planCommand(window, base, end, cursor, at, bounds, plan, 0, windowLayout, names);
  }
}
