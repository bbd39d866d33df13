import { type CommandBounds, RANGE_BLOCKS, RANGE_DEVICE, RANGE_WORDS } from "@blockferry/core/plan";

/** Where the run of ranges ends that begins at `first` and lies in one namespace. `names` are NSIDs by device number. */
export function endOfRun(
  window: Int32Array,
  base: number,
  count: number,
  first: number,
  names: Int32Array,
): number {
  if (first >= count) return count;
  const name = names[window[base + first * RANGE_WORDS + RANGE_DEVICE]];
  let end = first + 1;
  while (end < count && names[window[base + end * RANGE_WORDS + RANGE_DEVICE]] === name) end++;
  return end;
}

/**
 * True when the next command, planned from range `first` and block `offset` of it on, will have a source in a namespace
 * other than `nsid`. Counts ranges and blocks as the plan does.
 */
export function namesForeignSource(
  window: Int32Array,
  base: number,
  count: number,
  first: number,
  offset: number,
  bounds: CommandBounds,
  names: Int32Array,
  nsid: number,
): boolean {
  let skipped = offset;
  let ranges = 0;
  let blocks = 0;
  for (let range = first; range < count; range++) {
    const from = base + range * RANGE_WORDS;
    if (names[window[from + RANGE_DEVICE]] !== nsid) return true;
    const left = window[from + RANGE_BLOCKS] - skipped;
    skipped = 0;
    ranges += Math.ceil(left / bounds.rangeBlocksMax);
    blocks += left;
    if (ranges >= bounds.rangesMax || blocks >= bounds.blocksMax) return false;
  }
  return false;
}
