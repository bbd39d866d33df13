import { joinWords, operation, type RangeList, status, traceKind } from "@blockferry/core";
import { endCopyIfDone, settle } from "./account.ts";
import { type Engine, step } from "./engine-state.ts";
import { COPY_CANCELLED, COPY_EMULATING, COPY_ORDERED } from "./engine-tables.ts";
import { pieceKind } from "./overlap.ts";
import { runAll } from "./queue.ts";
import { submitTransfer } from "./transfer.ts";

/** Start of each range of a list in blocks of the copy; built when a part of a copy must be found by its offset. */
const placesOf = new WeakMap<RangeList, Float64Array>();

function places(list: RangeList): Float64Array {
  const known = placesOf.get(list);
  if (known !== undefined) return known;
  const found = new Float64Array(list.count + 1);
  for (let i = 0; i < list.count; i++) found[i + 1] = found[i] + list.blocks[i];
  placesOf.set(list, found);
  return found;
}

/** The range of a list in which block `at` (from the list's start) lies. */
function rangeAt(starts: Float64Array, at: number): number {
  let first = 0;
  let last = starts.length - 2;
  while (first < last) {
    const middle = (first + last + 1) >> 1;
    if (starts[middle] <= at) first = middle;
    else last = middle - 1;
  }
  return first;
}

function bufferOf(e: Engine, copy: number): Uint8Array {
  const buffer = e.buffers[copy];
  if (buffer === undefined) throw new Error("a copy that may be emulated has no buffer");
  return buffer;
}

/** Reads a piece into `data`, writes it, settles it, and goes on. */
function copyPiece(
  e: Engine,
  copy: number,
  source: number,
  offset: number,
  blocks: number,
  data: Uint8Array,
): void {
  const copies = e.copies.columns;
  const device = copies.device[copy];
  const destination = joinWords(copies.lbaLow[copy], copies.lbaHigh[copy]) + offset;
  const ended = (value: number): void => {
    if (e.trace !== undefined) e.trace(traceKind.emulate, copy, device, destination, blocks, value);
    settle(e, copy, offset, blocks, true, value, -1);
    e.scheduler.post(step.emulate, copy, copy);
  };
  transferOrFail(e, copies.source[copy], operation.read, source, blocks, data, (value) => {
    if (value !== status.success) ended(value);
    else transferOrFail(e, device, operation.write, destination, blocks, data, ended);
  });
}

function transferOrFail(
  e: Engine,
  device: number,
  kind: number,
  lba: number,
  blocks: number,
  data: Uint8Array,
  ended: (status: number) => void,
): void {
  if (!submitTransfer(e, device, kind, lba, blocks, data, ended)) ended(status.exhausted);
}

/** Nothing of this copy is left to be emulated. */
function finish(e: Engine, copy: number): void {
  e.copies.columns.flags[copy] &= ~COPY_EMULATING;
  endCopyIfDone(e, copy);
}

/** Does the next piece of a copy whose ranges overlap. */
function orderedPiece(e: Engine, copy: number): void {
  const copies = e.copies.columns;
  const order = e.orders[copy];
  if (order === undefined) throw new Error("an ordered copy has no order");
  const at = copies.range[copy];
  if (at === order.count) {
    finish(e, copy);
    return;
  }
  copies.range[copy] = at + 1;
  const kind = order.kind[at];
  const blocks = order.blocks[at];
  const offset = order.offset[at];
  const device = copies.device[copy];
  const bytes = e.devices[device].bytesPerBlock;
  const buffer = bufferOf(e, copy);
  const next = (): void => e.scheduler.post(step.emulate, copy, copy);
  const cancelled = (copies.flags[copy] & COPY_CANCELLED) !== 0;
  if (cancelled) {
    if (kind !== pieceKind.keep) settle(e, copy, offset, blocks, false, status.cancelled, -1);
    next();
    return;
  }
  const keptFrom = buffer.length - order.keptBlocks * bytes + order.kept[at] * bytes;
  const kept = buffer.subarray(keptFrom, keptFrom + blocks * bytes);
  if (kind === pieceKind.copy) {
    copyPiece(e, copy, order.source[at], offset, blocks, buffer.subarray(0, blocks * bytes));
  } else if (kind === pieceKind.keep) {
    transferOrFail(
      e,
      copies.source[copy],
      operation.read,
      order.source[at],
      blocks,
      kept,
      (value) => {
        if (value === status.success) next();
        else abandon(e, copy, at + 1, value);
      },
    );
  } else {
    const lba = joinWords(copies.lbaLow[copy], copies.lbaHigh[copy]) + offset;
    transferOrFail(e, device, operation.write, lba, blocks, kept, (value) => {
      settle(e, copy, offset, blocks, true, value, -1);
      next();
    });
  }
}

/** A kept piece could not be read: what comes after would overwrite its source, so nothing more is written. */
function abandon(e: Engine, copy: number, from: number, value: number): void {
  const order = e.orders[copy];
  if (order === undefined) return;
  for (let at = from; at < order.count; at++) {
    if (order.kind[at] === pieceKind.keep) continue;
    settle(e, copy, order.offset[at], order.blocks[at], false, value, -1);
  }
  e.copies.columns.range[copy] = order.count;
  e.scheduler.post(step.emulate, copy, copy);
}

/** Does the next piece that no command carried. */
function residuePiece(e: Engine, copy: number): void {
  const copies = e.copies.columns;
  const residues = e.residues.columns;
  let row = copies.residueHead[copy];
  while (row >= 0 && residues.done[row] === residues.blocks[row]) {
    const next = copies.residues[copy] > 1 ? e.residues.next[row] : -1;
    copies.residueHead[copy] = next;
    copies.residues[copy]--;
    e.residues.free(row);
    runAll(e);
    row = next;
  }
  if (row < 0) {
    finish(e, copy);
    return;
  }
  const done = residues.done[row];
  const offset = residues.offset[row] + done;
  if ((copies.flags[copy] & COPY_CANCELLED) !== 0) {
    settle(e, copy, offset, residues.blocks[row] - done, false, residues.status[row], -1);
    residues.done[row] = residues.blocks[row];
    e.scheduler.post(step.emulate, copy, copy);
    return;
  }
  const device = copies.device[copy];
  const bytes = e.devices[device].bytesPerBlock;
  const list = e.lists[copy];
  const starts = places(list);
  const at = starts[copies.first[copy]] + offset;
  const range = rangeAt(starts, at);
  const buffer = bufferOf(e, copy);
  const blocks = Math.min(
    residues.blocks[row] - done,
    starts[range + 1] - at,
    Math.floor(buffer.length / bytes),
    e.chunkBlocks[device],
    e.chunkBlocks[copies.source[copy]],
  );
  residues.done[row] += blocks;
  const source = joinWords(list.low[range], list.high[range]) + (at - starts[range]);
  copyPiece(e, copy, source, offset, blocks, buffer.subarray(0, blocks * bytes));
}

/** A submitter copies the next piece through the host. */
export function emulateStep(e: Engine, copy: number): void {
  if ((e.copies.columns.flags[copy] & COPY_ORDERED) !== 0) orderedPiece(e, copy);
  else residuePiece(e, copy);
}
