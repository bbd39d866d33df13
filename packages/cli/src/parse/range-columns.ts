import {
  type BlockRange,
  checkRange,
  highWord,
  lowWord,
  RANGE_LIST_BLOCKS_MAX,
  type RangeList,
} from "@blockferry/core";

/** A `RangeList` that grows: very many ranges without an object for each. */
export interface RangeColumns {
  /** Appends a range; one longer than 2^30 blocks takes several rows. */
  add(range: BlockRange, what: string): void;
  /** Appends a range known to be good: at least one block, its end at most 2^53-1. */
  addChecked(lba: number, blocks: number): void;
  readonly count: number;
  /** The ranges so far. */
  list(): SourceRanges;
}

/** Source ranges as they were given. */
export interface SourceRanges {
  readonly list: RangeList;
  /** Number of the range that each row is of; `undefined` where each row is a range of its own. */
  readonly numbers: Int32Array | undefined;
}

function grown(column: Int32Array): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(column.length * 2);
  larger.set(column);
  return larger;
}

export function rangeColumns(): RangeColumns {
  let low = new Int32Array(64);
  let high = new Int32Array(64);
  let lengths = new Int32Array(64);
  let count = 0;
  /** Rows that go on with the range of the row before. */
  const continued: number[] = [];
  function numbers(): Int32Array | undefined {
    if (continued.length === 0) return undefined;
    const found = new Int32Array(count);
    let next = 0;
    for (let row = 1; row < count; row++) {
      const isContinued = continued[next] === row;
      if (isContinued) next++;
      found[row] = found[row - 1] + (isContinued ? 0 : 1);
    }
    return found;
  }
  function addChecked(lba: number, blocks: number): void {
    for (let done = 0; done < blocks; done += RANGE_LIST_BLOCKS_MAX) {
      if (count === low.length) {
        low = grown(low);
        high = grown(high);
        lengths = grown(lengths);
      }
      if (done > 0) continued.push(count);
      low[count] = lowWord(lba + done);
      high[count] = highWord(lba + done);
      lengths[count] = Math.min(RANGE_LIST_BLOCKS_MAX, blocks - done);
      count++;
    }
  }
  return {
    add(range, what) {
      checkRange(range, what);
      addChecked(range.lba, range.blocks);
    },
    addChecked,
    get count() {
      return count;
    },
    list: () => ({
      list: {
        low: low.slice(0, count),
        high: high.slice(0, count),
        blocks: lengths.slice(0, count),
        count,
      },
      numbers: numbers(),
    }),
  };
}
