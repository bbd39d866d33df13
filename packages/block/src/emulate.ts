import { joinWords, operation, status, traceKind } from "@blockferry/core";
import { type Engine, step } from "./engine-state.ts";
import { COPY_CANCELLED, COPY_EMULATING } from "./engine-tables.ts";
import { runAll } from "./queue.ts";
import { submitTransfer } from "./transfer.ts";
import { wakeWaiting } from "./waiting.ts";

/** Start of each range of a copy, in blocks of the copy; built when a part of it must be found by its offset. */
function placesOf(e: Engine, copy: number): Float64Array {
  const known = e.places[copy];
  if (known !== undefined) return known;
  const { first, count } = e.copies.columns;
  const { blocks } = e.lists[copy];
  const places = new Float64Array(count[copy] + 1);
  for (let i = 0; i < count[copy]; i++) places[i + 1] = places[i] + blocks[first[copy] + i];
  e.places[copy] = places;
  return places;
}

/** The range of a copy in which its block `at` lies. */
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

/** The memory of a copy that goes through the host. */
export function bufferOf(e: Engine, copy: number): Uint8Array {
  const buffer = e.buffers[copy];
  if (buffer === undefined) throw new Error("a copy that may be emulated has no buffer");
  return buffer;
}

/** Reads a piece into `data`, writes it, settles it, and goes on. */
export function copyPiece(
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
    e.hot.settle(copy, offset, blocks, true, value, -1);
    e.scheduler.post(step.emulate, copy, copy);
  };
  submitTransfer(e, copies.source[copy], operation.read, source, blocks, data, (value) => {
    if (value !== status.success) ended(value);
    else submitTransfer(e, device, operation.write, destination, blocks, data, ended);
  });
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
  const buffer = bufferOf(e, copy);
  const blocks = Math.min(
    residues.blocks[row] - done,
    starts[place + 1] - offset,
    Math.floor(buffer.length / bytes),
    e.chunkBlocks[device],
    e.chunkBlocks[copies.source[copy]],
  );
  residues.done[row] += blocks;
  const source = joinWords(list.low[range], list.high[range]) + (offset - starts[place]);
  copyPiece(e, copy, source, offset, blocks, buffer.subarray(0, blocks * bytes));
}
