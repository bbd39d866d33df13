import { joinWords, operation, status, traceKind } from "@blockferry/core";
import { type Engine, step } from "./engine-state.ts";
import { COPY_ORDERED } from "./engine-tables.ts";
import { keepEnded, orderedFrom } from "./kept-pieces.ts";
import { placesOf, rangeAt } from "./range-places.ts";
import { submitTransfer } from "./transfer.ts";

/*
 * The piece of a copy that goes through the host: columns `pieceOffset` and `pieceBlocks` of the copy. All that is known of it
 * is in tables, so that a piece, too, can be taken up again from a snapshot.
 */

/** The memory of a copy that goes through the host. */
export function bufferOf(e: Engine, copy: number): Uint8Array {
  const buffer = e.buffers[copy] ?? e.memory?.(copy);
  if (buffer === undefined) throw new Error("a copy that may be emulated has no buffer");
  return buffer;
}

/** The memory of the piece that a copy has in hand. */
export function pieceData(e: Engine, copy: number): Uint8Array {
  const { device, flags, pieceBlocks } = e.copies.columns;
  const bytes = e.devices[device[copy]].bytesPerBlock;
  const buffer = bufferOf(e, copy);
  const from = (flags[copy] & COPY_ORDERED) !== 0 ? orderedFrom(e, copy, buffer.length, bytes) : 0;
  return buffer.subarray(from, from + pieceBlocks[copy] * bytes);
}

/** Reads the piece that a copy has in hand from block `lba` of its source. */
export function readPiece(e: Engine, copy: number, lba: number): void {
  const { source, pieceBlocks } = e.copies.columns;
  submitTransfer(e, source[copy], operation.read, lba, pieceBlocks[copy], copy);
}

function destinationOf(e: Engine, copy: number): number {
  const { lbaLow, lbaHigh, pieceOffset } = e.copies.columns;
  const start = joinWords(lbaLow[copy], lbaHigh[copy]);
  const offset = pieceOffset[copy];
  if (!e.defects.has("emulation-stays")) return start + offset;
  const starts = placesOf(e, copy);
  return start + offset - starts[rangeAt(starts, offset)];
}

/** Writes the piece that a copy has in hand to its place. */
export function writePiece(e: Engine, copy: number): void {
  const { device, pieceBlocks } = e.copies.columns;
  const lba = destinationOf(e, copy);
  submitTransfer(e, device[copy], operation.write, lba, pieceBlocks[copy], copy);
}

/** The transfer of a piece has ended: what was read is written, what was written is settled. */
export function pieceEnded(e: Engine, copy: number, kind: number, value: number): void {
  const { device, flags, pieceOffset, pieceBlocks, told, blocks } = e.copies.columns;
  if ((flags[copy] & COPY_ORDERED) !== 0 && keepEnded(e, copy, kind, value)) return;
  if (kind === operation.read && value === status.success) {
    writePiece(e, copy);
    return;
  }
  if (e.trace !== undefined) {
    const lba = destinationOf(e, copy);
    e.trace(traceKind.emulate, copy, device[copy], lba, pieceBlocks[copy], value);
  }
  if (value !== status.success && e.defects.has("emulation-reports-all")) told[copy] = blocks[copy];
  e.hot.settle(copy, pieceOffset[copy], pieceBlocks[copy], true, value, -1);
  e.scheduler.post(step.emulate, copy, copy);
}
