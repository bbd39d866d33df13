import { joinWords, operation, RANGE_LIST_BLOCKS_MAX, status, traceKind } from "@blockferry/core";
import { type Engine, step } from "./engine-state.ts";
import { COPY_CANCELLED, COPY_EMULATE, COPY_EMULATING } from "./engine-tables.ts";
import type { HotPath } from "./hot-path.ts";
import { pieceEnded } from "./piece.ts";
import { traceBio } from "./trace.ts";
import { wakeWaiting } from "./waiting.ts";

// Names of this module's own: V8 takes them for the constants that they are, and what is imported for variables.
const SUCCESS = status.success;
const NOWHERE = -1;

/** True for failures that another way of copying cannot mend. */
function isFinal(value: number): boolean {
  return (
    value === status.cancelled ||
    value === status.removed ||
    value === status.unmapped ||
    value === status.outOfRange
  );
}

/** Queues blocks to be copied through the host; they join the last row where they follow it. */
function addResidue(e: Engine, copy: number, offset: number, blocks: number, value: number): void {
  const residues = e.residues.columns;
  const copies = e.copies.columns;
  const tail = copies.residueTail[copy];
  if (
    copies.residues[copy] > 0 &&
    residues.offset[tail] + residues.blocks[tail] === offset &&
    residues.status[tail] === value &&
    residues.blocks[tail] + blocks <= RANGE_LIST_BLOCKS_MAX
  ) {
    residues.blocks[tail] += blocks;
    return;
  }
  const row = e.residues.allocate();
  residues.copy[row] = copy;
  residues.offset[row] = offset;
  residues.blocks[row] = blocks;
  residues.done[row] = 0;
  residues.status[row] = value;
  if (copies.residueHead[copy] < 0) copies.residueHead[copy] = row;
  else e.residues.next[copies.residueTail[copy]] = row;
  copies.residueTail[copy] = row;
  copies.residues[copy]++;
  if ((copies.flags[copy] & COPY_EMULATING) === 0) {
    copies.flags[copy] |= COPY_EMULATING;
    e.scheduler.post(step.emulate, copy, copy);
  }
}

/** Records the final fate of blocks of a copy. */
export function settle(e: Engine): HotPath["settle"] {
  return (copy, offset, blocks, emulated, value, command) => {
    const copies = e.copies.columns;
    if (value === SUCCESS) {
      if (emulated) copies.emulated[copy] += blocks;
      else copies.copied[copy] += blocks;
    } else {
      copies.failed[copy] += blocks;
      if (copies.status[copy] === SUCCESS) copies.status[copy] = value;
    }
    if (e.settled !== undefined) e.settled(copy, offset, blocks, value);
    const sink = e.sinks[copy];
    if (sink !== null) sink.outcome(offset, blocks, emulated, value, command);
  };
}

/** Accounts blocks of a chunk: they were carried, or refused, or never got as far as a command. */
export function account(e: Engine): HotPath["account"] {
  return (chunk, offset, blocks, value, command) => {
    const chunks = e.chunks.columns;
    const copy = chunks.copy[chunk];
    chunks.accounted[chunk] += blocks;
    const flags = e.copies.columns.flags[copy];
    if (value !== SUCCESS) {
      if (chunks.status[chunk] === SUCCESS) chunks.status[chunk] = value;
      if ((flags & COPY_EMULATE) !== 0 && (flags & COPY_CANCELLED) === 0 && !isFinal(value)) {
        const at = chunks.offset[chunk] + offset;
        const sink = e.sinks[copy];
        if (sink !== null) sink.refused(at, blocks, value, command);
        addResidue(e, copy, at, blocks, value);
        return;
      }
    }
    e.hot.settle(copy, chunks.offset[chunk] + offset, blocks, false, value, command);
  };
}

function refuseToEnd(e: Engine, chunk: number): never {
  const { accounted, blocks } = e.chunks.columns;
  throw new Error(
    `strategy ${e.strategy.name}: all bios of a chunk ended, but ` +
      `${accounted[chunk]} of its ${blocks[chunk]} blocks are accounted for`,
  );
}

/** Ends a chunk when all its bios have ended. */
export function endChunkIfDone(e: Engine): HotPath["endChunkIfDone"] {
  return (chunk) => {
    const chunks = e.chunks.columns;
    if (chunks.bios[chunk] !== 0) return;
    if (chunks.accounted[chunk] !== chunks.blocks[chunk]) {
      refuseToEnd(e, chunk);
    }
    const copy = chunks.copy[chunk];
    if (chunks.window[chunk] >= 0) e.windowRows.free(chunks.window[chunk]);
    e.chunks.free(chunk);
    e.copies.columns.chunks[copy]--;
    wakeWaiting(e);
    e.hot.endCopyIfDone(copy);
  };
}

/** Ends what few copies have: memory for copying through the host, and a cancellation that its bios must notice. */
function endRarities(e: Engine, copy: number): void {
  if ((e.copies.columns.flags[copy] & COPY_CANCELLED) !== 0) e.engineRow.cancelled[0]--;
  e.buffers[copy] = undefined;
  e.orders[copy] = undefined;
  e.places[copy] = undefined;
}

/** Ends a copy when all its blocks are settled and nothing of it is left in the engine. */
export function endCopyIfDone(e: Engine): HotPath["endCopyIfDone"] {
  return (copy) => {
    const copies = e.copies.columns;
    if (copies.chunks[copy] !== 0 || copies.residues[copy] !== 0) return;
    if ((copies.flags[copy] & COPY_EMULATING) !== 0 || copies.plugged[copy] !== 0) return;
    const settled = copies.copied[copy] + copies.emulated[copy] + copies.failed[copy];
    if (settled < copies.blocks[copy]) return;
    const value = copies.status[copy];
    if (e.copyEnded !== undefined) e.copyEnded(copy, value);
    if (e.trace !== undefined) {
      const lba = joinWords(copies.lbaLow[copy], copies.lbaHigh[copy]);
      e.trace(traceKind.copyEnd, copy, copies.device[copy], lba, copies.blocks[copy], value);
    }
    if ((copies.flags[copy] & (COPY_EMULATE | COPY_CANCELLED)) !== 0) endRarities(e, copy);
    const sink = e.sinks[copy];
    if (sink !== null) e.sinks[copy] = null;
    e.copies.free(copy);
    if (sink !== null) sink.ended(value);
  };
}

function endTransfer(e: Engine, root: number): void {
  const ended = e.ioEnded[root];
  const { status: statuses, token, operation: kinds } = e.bios.columns;
  const value = statuses[root];
  const copy = token[root];
  if (copy >= 0) {
    const kind = kinds[root];
    e.bios.free(root);
    pieceEnded(e, copy, kind, value);
    return;
  }
  e.ioData[root] = undefined;
  e.ioEnded[root] = undefined;
  e.bios.free(root);
  if (ended !== undefined) ended(value);
}

/** Ends a bio or a split-off part of one. The root ends with its last part. */
export function endBio(e: Engine): HotPath["endBio"] {
  return (bio, value) => {
    const bios = e.bios.columns;
    const root = bios.root[bio];
    if (e.trace !== undefined) traceBio(e, traceKind.bioEnd, bio, value);
    if (value !== SUCCESS && bios.status[root] === SUCCESS) bios.status[root] = value;
    if (bio !== root) e.bios.free(bio);
    if (--bios.pieces[root] !== 0) {
      // A root that waits for its parts is nowhere: who drains a device does not wait for it.
      if (bio === root) bios.device[root] = NOWHERE;
      return;
    }
    const chunk = bios.chunk[root];
    if (chunk < 0) {
      endTransfer(e, root);
      return;
    }
    e.bios.free(root);
    e.chunks.columns.bios[chunk]--;
    e.hot.endChunkIfDone(chunk);
  };
}

/** Accounts all blocks of a chunk that has no destination bio, and ends it if it has no other bios. */
export function failChunk(e: Engine, chunk: number, value: number): void {
  const { blocks, accounted } = e.chunks.columns;
  e.hot.account(chunk, accounted[chunk], blocks[chunk] - accounted[chunk], value, -1);
  e.hot.endChunkIfDone(chunk);
}

/** Ends a bio that never got into a request. */
export function failBio(e: Engine, bio: number, value: number): void {
  const bios = e.bios.columns;
  const kind = bios.operation[bio];
  const chunk = bios.chunk[bio];
  if (kind === operation.copy || kind === operation.destination) {
    e.hot.account(chunk, bios.offset[bio], bios.blocks[bio], value, -1);
    if (bios.window[bio] >= 0) e.windowRows.free(bios.window[bio]);
    bios.window[bio] = -1;
  }
  e.hot.endBio(bio, value);
}
