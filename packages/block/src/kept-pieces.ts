import { operation, status } from "@blockferry/core";
import { type Engine, step } from "./engine-state.ts";
import { type OrderedPieces, pieceKind } from "./overlap.ts";

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

export function orderOf(e: Engine, copy: number): OrderedPieces {
  const order = e.orders[copy];
  if (order === undefined) throw new Error("an ordered copy has no order");
  return order;
}
