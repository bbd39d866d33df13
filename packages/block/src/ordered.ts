import { operation, status } from "@blockferry/core";
import { finishEmulation } from "./emulate.ts";
import { type Engine, step } from "./engine-state.ts";
import { COPY_CANCELLED } from "./engine-tables.ts";
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

/** Where in the buffer the piece lies that a copy has in hand: what is kept lies at the end. */
export function orderedFrom(e: Engine, copy: number, length: number, bytes: number): number {
  const order = orderOf(e, copy);
  const at = e.copies.columns.range[copy] - 1;
  if (order.kind[at] === pieceKind.copy) return 0;
  return length - order.keptBlocks * bytes + order.kept[at] * bytes;
}

/**
 * The transfer of a piece has ended. True when that was all: a piece is kept for later, or struck out of what is still to be
 * written because it cannot be read.
 */
export function keepEnded(e: Engine, copy: number, kind: number, value: number): boolean {
  const copies = e.copies.columns;
  const order = orderOf(e, copy);
  const at = copies.range[copy] - 1;
  if (order.kind[at] !== pieceKind.keep) {
    // What was kept is written now.
    if (order.kind[at] !== pieceKind.copy && kind === operation.write) copies.rangeOffset[copy]--;
    return false;
  }
  if (value === status.success) {
    copies.rangeOffset[copy]++;
  } else {
    let later = at + 1;
    while (order.offset[later] !== order.offset[at]) later++;
    e.hot.settle(copy, order.offset[at], order.blocks[at], true, value, -1);
    order.blocks[later] = 0;
  }
  e.scheduler.post(step.emulate, copy, copy);
  return true;
}

function orderOf(e: Engine, copy: number): OrderedPieces {
  const order = e.orders[copy];
  if (order === undefined) throw new Error("an ordered copy has no order");
  return order;
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
