import { joinWords, operation, status, traceKind } from "@blockferry/core";
import { bufferOf, copyPiece, finishEmulation } from "./emulate.ts";
import { type Engine, step } from "./engine-state.ts";
import { COPY_CANCELLED } from "./engine-tables.ts";
import { type OrderedPieces, pieceKind } from "./overlap.ts";
import { submitTransfer } from "./transfer.ts";

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

/** Keeps a piece for later. When it cannot be read, it is struck out of what is still to be written. */
function keep(e: Engine, copy: number, order: OrderedPieces, at: number, data: Uint8Array): void {
  const copies = e.copies.columns;
  const { source, blocks } = order;
  const ended = (value: number): void => {
    if (value === status.success) {
      copies.rangeOffset[copy]++;
    } else {
      let later = at + 1;
      while (order.offset[later] !== order.offset[at]) later++;
      e.hot.settle(copy, order.offset[at], blocks[at], true, value, -1);
      blocks[later] = 0;
    }
    e.scheduler.post(step.emulate, copy, copy);
  };
  submitTransfer(e, copies.source[copy], operation.read, source[at], blocks[at], data, ended);
}

function writeKept(
  e: Engine,
  copy: number,
  order: OrderedPieces,
  at: number,
  data: Uint8Array,
): void {
  const copies = e.copies.columns;
  const device = copies.device[copy];
  const offset = order.offset[at];
  const blocks = order.blocks[at];
  const lba = joinWords(copies.lbaLow[copy], copies.lbaHigh[copy]) + offset;
  submitTransfer(e, device, operation.write, lba, blocks, data, (value) => {
    copies.rangeOffset[copy]--;
    if (e.trace !== undefined) e.trace(traceKind.emulate, copy, device, lba, blocks, value);
    e.hot.settle(copy, offset, blocks, true, value, -1);
    e.scheduler.post(step.emulate, copy, copy);
  });
}

/** Does the next piece of a copy whose ranges overlap. */
export function orderedPiece(e: Engine, copy: number): void {
  const copies = e.copies.columns;
  const order = e.orders[copy];
  if (order === undefined) throw new Error("an ordered copy has no order");
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
  const bytes = e.devices[copies.device[copy]].bytesPerBlock;
  const length = order.blocks[at] * bytes;
  const buffer = bufferOf(e, copy);
  const keptFrom = buffer.length - order.keptBlocks * bytes + order.kept[at] * bytes;
  if (order.kind[at] === pieceKind.copy) {
    const data = buffer.subarray(0, length);
    copyPiece(e, copy, order.source[at], order.offset[at], order.blocks[at], data);
  } else if (order.kind[at] === pieceKind.keep) {
    keep(e, copy, order, at, buffer.subarray(keptFrom, keptFrom + length));
  } else {
    writeKept(e, copy, order, at, buffer.subarray(keptFrom, keptFrom + length));
  }
}
