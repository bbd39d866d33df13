import { joinWords, type RangeList } from "@blockferry/core";

/** What to do with a piece of an ordered copy. */
export const pieceKind = {
  /** Read it and write it. */
  copy: 0,
  /** Read it and keep it: something will overwrite its source before it can be written. */
  keep: 1,
  /** Write what was kept. */
  writeKept: 2,
} as const;

/** Pieces of a copy whose ranges overlap, in an order in which no source is overwritten before it is read. */
export interface OrderedPieces {
  readonly kind: Uint8Array;
  /** Blocks from the start of the copy. */
  readonly offset: Float64Array;
  readonly source: Float64Array;
  readonly blocks: Int32Array;
  /** Blocks from the start of the space for what is kept. */
  readonly kept: Int32Array;
  readonly count: number;
  /** Blocks of the space for what is kept. */
  readonly keptBlocks: number;
}

/** Index of the first range of the list that shares a block with `destination..destination+blocks`, -1 for none. */
export function overlappingRange(list: RangeList, destination: number, blocks: number): number {
  for (let i = 0; i < list.count; i++) {
    const lba = joinWords(list.low[i], list.high[i]);
    if (lba < destination + blocks && destination < lba + list.blocks[i]) return i;
  }
  return -1;
}

interface Pieces {
  readonly source: Float64Array;
  readonly offset: Float64Array;
  readonly blocks: Int32Array;
  readonly count: number;
}

function cut(list: RangeList, pieceBlocks: number): Pieces {
  let count = 0;
  for (let i = 0; i < list.count; i++) count += Math.ceil(list.blocks[i] / pieceBlocks);
  const source = new Float64Array(count);
  const offset = new Float64Array(count);
  const blocks = new Int32Array(count);
  let piece = 0;
  let place = 0;
  for (let i = 0; i < list.count; i++) {
    const lba = joinWords(list.low[i], list.high[i]);
    for (let done = 0; done < list.blocks[i]; done += pieceBlocks) {
      const length = Math.min(pieceBlocks, list.blocks[i] - done);
      source[piece] = lba + done;
      offset[piece] = place;
      blocks[piece] = length;
      place += length;
      piece++;
    }
  }
  return { source, offset, blocks, count };
}

/** The first piece whose destination ends behind block `at` of the copy. */
function pieceAt(pieces: Pieces, at: number): number {
  let first = 0;
  let last = pieces.count;
  while (first < last) {
    const middle = (first + last) >> 1;
    if (pieces.offset[middle] + pieces.blocks[middle] <= at) first = middle + 1;
    else last = middle;
  }
  return first;
}

/**
 * Orders the pieces of a copy so that the destination ends as if every source had been read first.
 *
 * A piece may be written when every other piece that reads what it overwrites has been read. Where pieces wait for each
 * other in a circle, one of them is read early and kept; at most `keptBlocksMax` blocks are kept. `undefined` when that
 * is not enough. Pieces have at most `pieceBlocks` blocks.
 */
export function orderPieces(
  list: RangeList,
  destination: number,
  pieceBlocks: number,
  keptBlocksMax: number,
): OrderedPieces | undefined {
  const pieces = cut(list, pieceBlocks);
  const { source, offset, blocks, count } = pieces;
  const readers = new Int32Array(count);
  const forEachOverwritten = (piece: number, visit: (other: number) => void): void => {
    const from = source[piece] - destination;
    for (let i = pieceAt(pieces, from); i < count && offset[i] < from + blocks[piece]; i++) {
      if (i !== piece) visit(i);
    }
  };
  for (let i = 0; i < count; i++) forEachOverwritten(i, (other) => readers[other]++);

  const kind: number[] = [];
  const index: number[] = [];
  const keptAt = new Int32Array(count).fill(-1);
  const isDone = new Uint8Array(count);
  const ready: number[] = [];
  for (let i = 0; i < count; i++) if (readers[i] === 0) ready.push(i);
  const wasRead = (piece: number): void => {
    forEachOverwritten(piece, (other) => {
      if (--readers[other] === 0) ready.push(other);
    });
  };
  let kept = 0;
  let next = 0;
  let search = 0;
  for (let left = count; left > 0; ) {
    if (next < ready.length) {
      const piece = ready[next++];
      const isKept = keptAt[piece] >= 0;
      kind.push(isKept ? pieceKind.writeKept : pieceKind.copy);
      index.push(piece);
      isDone[piece] = 1;
      left--;
      if (!isKept) wasRead(piece);
      continue;
    }
    while (isDone[search] === 1 || keptAt[search] >= 0) search++;
    if (kept + blocks[search] > keptBlocksMax) return undefined;
    keptAt[search] = kept;
    kept += blocks[search];
    kind.push(pieceKind.keep);
    index.push(search);
    wasRead(search);
  }
  return {
    kind: Uint8Array.from(kind),
    offset: Float64Array.from(index, (piece) => offset[piece]),
    source: Float64Array.from(index, (piece) => source[piece]),
    blocks: Int32Array.from(index, (piece) => blocks[piece]),
    kept: Int32Array.from(index, (piece) => keptAt[piece]),
    count: kind.length,
    keptBlocks: kept,
  };
}
