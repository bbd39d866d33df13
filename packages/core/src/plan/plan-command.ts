/** Words of one range in a window: device, address low, address high, blocks. */
export const RANGE_WORDS = 4;
export const RANGE_DEVICE = 0;
export const RANGE_LOW = 1;
export const RANGE_HIGH = 2;
export const RANGE_BLOCKS = 3;

/** What bounds one command of the many-to-one shape. All are 1..2^31-1. */
export interface CommandBounds {
  readonly rangesMax: number;
  readonly rangeBlocksMax: number;
  readonly blocksMax: number;
}

/**
 * Where a planned range is written: words of one entry of the device's own range list. With a layout that *is* the wire's the plan
 * needs no second pass: it is the encoding.
 *
 * `blocksBias` is added to the count (-1 for a 0's-based field). `deviceWord` is the word that names the source's
 * device, -1 where an entry has none.
 */
export interface RangeLayout {
  readonly entryWords: number;
  readonly deviceWord: number;
  readonly lowWord: number;
  readonly highWord: number;
  readonly blocksWord: number;
  readonly blocksBias: number;
}

/** The layout of the windows themselves: a plan written in it can be planned again. */
export const windowLayout: RangeLayout = {
  entryWords: RANGE_WORDS,
  deviceWord: RANGE_DEVICE,
  lowWord: RANGE_LOW,
  highWord: RANGE_HIGH,
  blocksWord: RANGE_BLOCKS,
  blocksBias: 0,
};

/** Words of a cursor: range, blocks of that range that are planned already, blocks of the command just planned. */
export const CURSOR_WORDS = 3;
export const CURSOR_RANGE = 0;
export const CURSOR_OFFSET = 1;
export const CURSOR_BLOCKS = 2;

/**
 * Plans the next many-to-one command: cuts ranges of `window` at the bounds and writes them to `out`.
 *
 * Starts at the cursor (words `cursorAt..cursorAt+2`) and moves it behind what was planned; its third word is then the command's blocks. Returns the number
 * of ranges written: 0 when nothing is left.
 *
 * @param window words of ranges, `RANGE_WORDS` each, the first at word `base`
 * @param count ranges of the window
 * @param deviceNames what to write into `deviceWord` for a device number
 */
export function planCommand(
  window: Int32Array,
  base: number,
  count: number,
  cursor: Int32Array,
  cursorAt: number,
  bounds: CommandBounds,
  out: Int32Array,
  at: number,
  layout: RangeLayout,
  deviceNames: Int32Array,
): number {
  const { rangesMax, rangeBlocksMax, blocksMax } = bounds;
  const { entryWords, deviceWord, lowWord, highWord, blocksWord, blocksBias } = layout;
  let range = cursor[cursorAt + CURSOR_RANGE];
  let offset = cursor[cursorAt + CURSOR_OFFSET];
  let from = base + range * RANGE_WORDS;
  let entry = at;
  let ranges = 0;
  let room = blocksMax;
  let left = 0;
  let low = 0;
  let high = 0;
  while (ranges < rangesMax && room > 0) {
    if (left === 0) {
      if (range === count) break;
      low = window[from + RANGE_LOW];
      high = window[from + RANGE_HIGH];
      left = window[from + RANGE_BLOCKS] - offset;
      if (offset !== 0) {
        const moved = (low + offset) | 0;
        if (moved >>> 0 < low >>> 0) high = (high + 1) | 0;
        low = moved;
        offset = 0;
      }
      from += RANGE_WORDS;
      range++;
    }
    let piece = left < rangeBlocksMax ? left : rangeBlocksMax;
    if (piece > room) piece = room;
    out[entry + lowWord] = low;
    out[entry + highWord] = high;
    out[entry + blocksWord] = piece + blocksBias;
    if (deviceWord >= 0) out[entry + deviceWord] = deviceNames[window[from - RANGE_WORDS]];
    entry += entryWords;
    ranges++;
    room -= piece;
    left -= piece;
    const moved = (low + piece) | 0;
    if (moved >>> 0 < low >>> 0) high = (high + 1) | 0;
    low = moved;
  }
  if (left > 0) {
    range--;
    left = window[from - 1] - left;
  }
  cursor[cursorAt + CURSOR_RANGE] = range;
  cursor[cursorAt + CURSOR_OFFSET] = left;
  cursor[cursorAt + CURSOR_BLOCKS] = blocksMax - room;
  return ranges;
}

/**
 * `planCommand` for a layout without a device word, whose words for address and blocks follow each other (low, high, blocks):
 * the inner loop of the hot path.
 */
export function planAdjacent(
  window: Int32Array,
  base: number,
  count: number,
  cursor: Int32Array,
  cursorAt: number,
  bounds: CommandBounds,
  out: Int32Array,
  at: number,
  layout: RangeLayout,
): number {
  let range = cursor[cursorAt + CURSOR_RANGE];
  if (range === count) {
    cursor[cursorAt + CURSOR_BLOCKS] = 0;
    return 0;
  }
  let from = base + range * RANGE_WORDS + RANGE_LOW;
  let entry = at + layout.lowWord;
  let low = window[from];
  let high = window[from + 1];
  let left = window[from + 2];
  let piece = cursor[cursorAt + CURSOR_OFFSET];
  const { rangeBlocksMax, blocksMax } = bounds;
  const { rangesMax } = bounds;
  const { entryWords, blocksBias } = layout;
  let ranges = 0;
  let room = blocksMax;
  for (;;) {
    const moved = (low + piece) | 0;
    if (moved >>> 0 < low >>> 0) high = (high + 1) | 0;
    low = moved;
    left -= piece;
    if (left === 0) {
      range++;
      if (range === count) break;
      from += RANGE_WORDS;
      low = window[from];
      high = window[from + 1];
      left = window[from + 2];
    }
    if (ranges === rangesMax || room === 0) break;
    piece = left < rangeBlocksMax ? left : rangeBlocksMax;
    if (piece > room) piece = room;
    out[entry] = low;
    out[entry + 1] = high;
    out[entry + 2] = piece + blocksBias;
    entry += entryWords;
    ranges++;
    room -= piece;
  }
  cursor[cursorAt + CURSOR_RANGE] = range;
  cursor[cursorAt + CURSOR_OFFSET] = left === 0 ? 0 : window[from + 2] - left;
  cursor[cursorAt + CURSOR_BLOCKS] = blocksMax - room;
  return ranges;
}

/** Blocks of the first `ranges` ranges that `planCommand` would plan from this cursor. The cursor is not moved. */
export function plannedBlocks(
  window: Int32Array,
  base: number,
  count: number,
  firstRange: number,
  firstOffset: number,
  bounds: CommandBounds,
  ranges: number,
): number {
  let blocks = 0;
  let offset = firstOffset;
  let planned = 0;
  for (let range = firstRange; range < count; range++) {
    let left = window[base + range * RANGE_WORDS + RANGE_BLOCKS] - offset;
    offset = 0;
    while (left > 0) {
      if (planned === ranges || blocks === bounds.blocksMax) return blocks;
      const piece = Math.min(left, bounds.rangeBlocksMax, bounds.blocksMax - blocks);
      planned++;
      blocks += piece;
      left -= piece;
    }
  }
  return blocks;
}
