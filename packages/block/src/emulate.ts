import { joinWords } from "@blockferry/core";
import { type Engine, step } from "./engine-state.ts";
import { COPY_CANCELLED, COPY_EMULATING } from "./engine-tables.ts";
import { bufferOf, readPiece } from "./piece.ts";
import { runAll } from "./queue.ts";
import { wakeWaiting } from "./waiting.ts";

/** Start of each range of a copy, in blocks of the copy; built when a part of it must be found by its offset. */
export function placesOf(e: Engine, copy: number): Float64Array {
  const { columns } = e.copies;
  const first = columns.first[copy];
  const count = columns.count[copy];
  const known = e.places[copy];
  // The row may have been another copy's when they were built.
  if (known !== undefined && known.first === first && known.count === count) return known.starts;
  const { blocks } = e.lists[copy];
  const starts = new Float64Array(count + 1);
  for (let i = 0; i < count; i++) starts[i + 1] = starts[i] + blocks[first + i];
  e.places[copy] = { first, count, starts };
  return starts;
}

/** The range of a copy in which its block `at` lies. */
export function rangeAt(starts: Float64Array, at: number): number {
  let first = 0;
  let last = starts.length - 2;
  while (first < last) {
    const middle = (first + last + 1) >> 1;
    if (starts[middle] <= at) first = middle;
    else last = middle - 1;
  }
  return first;
}

/** Nothing of this copy is left to be copied through the host. */
export function finishEmulation(e: Engine, copy: number): void {
  e.copies.columns.flags[copy] &= ~COPY_EMULATING;
  e.hot.endCopyIfDone(copy);
}

/** Does the next piece that no command carried. */
export function residuePiece(e: Engine, copy: number): void {
  const copies = e.copies.columns;
  const residues = e.residues.columns;
  let row = copies.residueHead[copy];
  while (row >= 0 && residues.done[row] === residues.blocks[row]) {
    const next = copies.residues[copy] > 1 ? e.residues.next[row] : -1;
    copies.residueHead[copy] = next;
    copies.residues[copy]--;
    e.residues.free(row);
    runAll(e);
    wakeWaiting(e);
    row = next;
  }
  if (row < 0) {
    finishEmulation(e, copy);
    return;
  }
  const done = residues.done[row];
  const offset = residues.offset[row] + done;
  if ((copies.flags[copy] & COPY_CANCELLED) !== 0) {
    e.hot.settle(copy, offset, residues.blocks[row] - done, false, residues.status[row], -1);
    residues.done[row] = residues.blocks[row];
    e.scheduler.post(step.emulate, copy, copy);
    return;
  }
  const device = copies.device[copy];
  const bytes = e.devices[device].bytesPerBlock;
  const list = e.lists[copy];
  const starts = placesOf(e, copy);
  const place = rangeAt(starts, offset);
  const range = copies.first[copy] + place;
  const blocks = Math.min(
    residues.blocks[row] - done,
    starts[place + 1] - offset,
    Math.floor(bufferOf(e, copy).length / bytes),
    e.chunkBlocks[device],
    e.chunkBlocks[copies.source[copy]],
  );
  residues.done[row] += blocks;
  copies.pieceOffset[copy] = offset;
  copies.pieceBlocks[copy] = blocks;
  readPiece(e, copy, joinWords(list.low[range], list.high[range]) + (offset - starts[place]));
}
