import { status } from "@blockferry/core";
import { finishEmulation } from "./emulate.ts";
import type { Engine } from "./engine-state.ts";
import { COPY_CANCELLED } from "./engine-tables.ts";
import { orderOf } from "./kept-pieces.ts";
import { type OrderedPieces, pieceKind } from "./overlap.ts";
import { readPiece, writePiece } from "./piece.ts";

/*
 * A copy whose ranges overlap, piece by piece. Column `range` is the next piece, `rangeOffset` how many pieces are kept that
 * are not written yet.
 *
 * After a failure or a cancellation nothing more is overwritten: sources of what was not copied stay as they are. But what is
 * kept is lost where its source has been overwritten, so while something is kept the copy goes on.
 */

/** The status of what is not copied any more; `success` while the copy is to go on. */
function stopStatus(e: Engine, copy: number): number {
  const copies = e.copies.columns;
  if (copies.rangeOffset[copy] > 0) return status.success;
  if ((copies.flags[copy] & COPY_CANCELLED) !== 0) return status.cancelled;
  return copies.status[copy] === status.success ? status.success : status.aborted;
}

/** Settles all pieces from `from` on. */
function stop(e: Engine, copy: number, order: OrderedPieces, from: number, value: number): void {
  for (let at = from; at < order.count; at++) {
    if (order.kind[at] === pieceKind.keep || order.blocks[at] === 0) continue;
    e.hot.settle(copy, order.offset[at], order.blocks[at], false, value, -1);
  }
  e.copies.columns.range[copy] = order.count;
}

/** Does the next piece of a copy whose ranges overlap. */
export function orderedPiece(e: Engine, copy: number): void {
  const copies = e.copies.columns;
  const order = orderOf(e, copy);
  const value = stopStatus(e, copy);
  if (value !== status.success) stop(e, copy, order, copies.range[copy], value);
  while (copies.range[copy] < order.count && order.blocks[copies.range[copy]] === 0)
    copies.range[copy]++;
  const at = copies.range[copy];
  if (at === order.count) {
    finishEmulation(e, copy);
    return;
  }
  copies.range[copy] = at + 1;
  copies.pieceOffset[copy] = order.offset[at];
  copies.pieceBlocks[copy] = order.blocks[at];
  if (order.kind[at] === pieceKind.writeKept) writePiece(e, copy);
  else readPiece(e, copy, order.source[at]);
}
