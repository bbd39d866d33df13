import { operation } from "../bio.ts";
import { RANGE_WORDS } from "../plan/index.ts";
import { joinWords } from "../range.ts";
import { status } from "../status.ts";
import type { StrategyEngine } from "../strategy.ts";

const WORD = 2 ** 32;
const SOURCE = operation.source;

function setPlace(engine: StrategyEngine, bio: number, device: number, lba: number): void {
  const bios = engine.bios.columns;
  bios.device[bio] = device;
  bios.lbaLow[bio] = lba | 0;
  bios.lbaHigh[bio] = (lba / WORD) | 0;
}

/** Puts a destination bio, or a part of one, back to where the copy was submitted, by its place in the chunk. */
export function toTop(engine: StrategyEngine, bio: number): void {
  const { chunk, offset } = engine.bios.columns;
  const { device, lbaLow, lbaHigh } = engine.chunks.columns;
  const of = chunk[bio];
  setPlace(engine, bio, device[of], joinWords(lbaLow[of], lbaHigh[of]) + offset[bio]);
}

/**
 * Puts a bio to the source of the chunk's block that stands at its offset, on the device that the copy was submitted to.
 * The chunk must have its window. Returns the blocks from there to the end of the source range.
 */
export function placeSource(engine: StrategyEngine, bio: number): number {
  const { windows } = engine;
  const { chunk, offset } = engine.bios.columns;
  let at = engine.chunks.columns.window[chunk[bio]] * engine.windowRanges * RANGE_WORDS;
  let inside = offset[bio];
  while (inside >= windows[at + 3]) {
    inside -= windows[at + 3];
    at += RANGE_WORDS;
  }
  setPlace(engine, bio, windows[at], joinWords(windows[at + 1], windows[at + 2]) + inside);
  return windows[at + 3] - inside;
}

/**
 * Puts a half back to where its copy was submitted, in no submitter's plug. The chunk must have its window; a source half
 * lies in one range of it.
 */
export function takeHome(engine: StrategyEngine, bio: number): void {
  const { operation: operations, lane } = engine.bios.columns;
  if (operations[bio] === SOURCE) placeSource(engine, bio);
  else toTop(engine, bio);
  lane[bio] = -1;
}

/**
 * Makes and submits a source bio for each of the chunk's ranges, or parts of them, that lie in blocks `offset` to
 * `offset + blocks` of it. The chunk must have its window.
 *
 * @param token what the bios carry
 * @param lane in whose context they go down, -1 for a workqueue
 * @returns the blocks that have a bio: fewer than asked for when there was no memory for one
 */
export function submitSources(
  engine: StrategyEngine,
  chunk: number,
  offset: number,
  blocks: number,
  token: number,
  lane: number,
): number {
  const { windows } = engine;
  const bios = engine.bios.columns;
  const end = offset + blocks;
  let at = engine.chunks.columns.window[chunk] * engine.windowRanges * RANGE_WORDS;
  let place = 0;
  let done = offset;
  while (done < end) {
    const length = windows[at + 3];
    if (place + length > done) {
      const bio = engine.allocateBio(chunk, SOURCE);
      if (bio < 0) break;
      const inside = done - place;
      const piece = Math.min(length - inside, end - done);
      setPlace(engine, bio, windows[at], joinWords(windows[at + 1], windows[at + 2]) + inside);
      bios.blocks[bio] = piece;
      bios.offset[bio] = done;
      bios.token[bio] = token;
      bios.lane[bio] = lane;
      done += piece;
      engine.submit(bio);
    }
    place += length;
    at += RANGE_WORDS;
  }
  return done - offset;
}

/**
 * Makes a destination bio for each of the chunk's ranges, to be submitted one by one. Where there is no memory for one, the
 * blocks from there on are accounted as `exhausted`.
 *
 * @returns the first, the others linked behind it; -1 when there is none, and the chunk has failed
 */
export function destinationPerRange(engine: StrategyEngine, chunk: number): number {
  const { windows } = engine;
  const { next } = engine.bios;
  const bios = engine.bios.columns;
  const { blocks, window } = engine.chunks.columns;
  let at = window[chunk] * engine.windowRanges * RANGE_WORDS;
  let first = -1;
  let last = -1;
  let done = 0;
  while (done < blocks[chunk]) {
    const bio = engine.allocateBio(chunk, operation.destination);
    if (bio < 0) break;
    bios.offset[bio] = done;
    bios.blocks[bio] = windows[at + 3];
    toTop(engine, bio);
    next[bio] = -1;
    if (first < 0) first = bio;
    else next[last] = bio;
    last = bio;
    done += windows[at + 3];
    at += RANGE_WORDS;
  }
  if (first < 0) engine.failChunk(chunk, status.exhausted);
  else if (done < blocks[chunk])
    engine.account(chunk, done, blocks[chunk] - done, status.exhausted);
  return first;
}
