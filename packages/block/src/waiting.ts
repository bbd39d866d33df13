import { type Engine, step } from "./engine-state.ts";
import { COPY_WAITING } from "./engine-tables.ts";

/**
 * True while `more` chunks may start, or commands be sent, without the risk that what fails of them, and of all that goes
 * on already, finds no row of residue.
 */
export function hasRoomForResidue(e: Engine, more: number): boolean {
  return e.residues.available >= e.residueReserve + (e.chunks.used + more) * e.chunkResidues;
}

/** Puts a copy at the end of the list of those that wait for room. */
export function waitForRoom(e: Engine, copy: number): void {
  const { flags } = e.copies.columns;
  const { waitHead, waitTail } = e.engineRow;
  if ((flags[copy] & COPY_WAITING) !== 0) return;
  flags[copy] |= COPY_WAITING;
  e.copies.next[copy] = -1;
  if (waitHead[0] < 0) waitHead[0] = copy;
  else e.copies.next[waitTail[0]] = copy;
  waitTail[0] = copy;
}

/** Lets the copy that waited longest go on: there may be room. */
export function wakeWaiting(e: Engine): void {
  const { waitHead } = e.engineRow;
  const copy = waitHead[0];
  if (copy < 0) return;
  waitHead[0] = e.copies.next[copy];
  e.copies.next[copy] = -1;
  e.copies.columns.flags[copy] &= ~COPY_WAITING;
  e.scheduler.post(step.start, copy, copy);
}

/** Takes a copy out of the list of those that wait. */
export function stopWaiting(e: Engine, copy: number): void {
  const { flags } = e.copies.columns;
  if ((flags[copy] & COPY_WAITING) === 0) return;
  flags[copy] &= ~COPY_WAITING;
  const { waitHead, waitTail } = e.engineRow;
  const next = e.copies.next;
  let before = -1;
  let at = waitHead[0];
  while (at !== copy) {
    before = at;
    at = next[at];
  }
  if (before < 0) waitHead[0] = next[copy];
  else next[before] = next[copy];
  if (waitTail[0] === copy) waitTail[0] = before;
  next[copy] = -1;
}
