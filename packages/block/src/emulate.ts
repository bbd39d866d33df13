import { joinWords } from "@blockferry/core";
import { type Engine, step } from "./engine-state.ts";
import { COPY_CANCELLED, COPY_EMULATING } from "./engine-tables.ts";
import { bufferOf, readPiece } from "./piece.ts";
import { runAll } from "./queue.ts";
import { placesOf, rangeAt } from "./range-places.ts";
import { wakeWaiting } from "./waiting.ts";

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
