import { MOVE_WORDS, MoveList, move } from "../world/move.ts";
import { addHappenings, addProgress, play } from "../world/moves.ts";
import type { World } from "../world/world.ts";
import { NEW, Visited } from "./visited.ts";

/** Bytes of states that are kept while they wait, at most; others are found again from the start. */
const KEPT_BYTES = 512 * 2 ** 20;
/** Bytes of a state that was met, the moment of growing included: its fingerprint, its parent, its move. */
const MET_BYTES = 64;
const STATES_MAX = 4e6;

/** A state on the way: how it was reached, and, while there is room, the state itself. */
class Frontier {
  private parents = new Int32Array(1024);
  private moves = new Int32Array(1024 * MOVE_WORDS);
  private readonly kept: (Int32Array | undefined)[] = [];
  private keptBytes = 0;
  private readonly keptBytesMax: number;
  count = 0;

  constructor(keptBytesMax: number) {
    this.keptBytesMax = keptBytesMax;
  }

  add(parent: number, kind: number, subject: number, variant: number, words: Int32Array): void {
    const row = this.count++;
    if (row === this.parents.length) {
      const parents = new Int32Array(row * 2);
      parents.set(this.parents);
      this.parents = parents;
      const moves = new Int32Array(row * 2 * MOVE_WORDS);
      moves.set(this.moves);
      this.moves = moves;
    }
    this.parents[row] = parent;
    this.moves.set([kind, subject, variant], row * MOVE_WORDS);
    if (this.keptBytes + words.byteLength > this.keptBytesMax) return;
    this.keptBytes += words.byteLength;
    this.kept[row] = words.slice();
  }

  /** Takes the state of a row back, once. */
  take(row: number, world: World, start: Int32Array): void {
    const { words } = world.state;
    const kept = this.kept[row];
    if (kept !== undefined) {
      words.set(kept);
      this.keptBytes -= kept.byteLength;
      this.kept[row] = undefined;
      return;
    }
    words.set(start);
    const path = this.pathTo(row);
    for (let at = 0; at < path.length; at += MOVE_WORDS) {
      play(world, path[at], path[at + 1], path[at + 2]);
    }
  }

  pathTo(row: number): Int32Array {
    const rows: number[] = [];
    for (let at = row; at > 0; at = this.parents[at]) rows.push(at);
    const path = new Int32Array(rows.length * MOVE_WORDS);
    rows.reverse().forEach((each, i) => {
      path.set(this.moves.subarray(each * MOVE_WORDS, (each + 1) * MOVE_WORDS), i * MOVE_WORDS);
    });
    return path;
  }
}

/** A counterexample: the moves, and what is wrong after the last one. */
export interface Counterexample {
  readonly path: Int32Array;
  readonly error: unknown;
}

/**
 * Searches breadth first for the shortest way to a violation, from the world's state as it is.
 *
 * @param movesMax moves at most
 * @param memoryMax bytes at most; `undefined` is returned where the states that were met do not fit into half of them
 */
export function shortest(
  world: World,
  movesMax: number,
  memoryMax: number,
): Counterexample | undefined {
  const start = world.state.snapshot();
  const { print } = world;
  const visited = new Visited(Math.min(STATES_MAX, Math.floor(memoryMax / 2 / MET_BYTES)));
  const frontier = new Frontier(Math.min(KEPT_BYTES, memoryMax / 2));
  const list = new MoveList();
  print.take();
  visited.meet(print.low, print.high, 0);
  frontier.add(-1, 0, 0, 0, world.state.words);
  let level = 0;
  let levelEnd = 1;
  for (let row = 0; row < frontier.count; row++) {
    if (row === levelEnd) {
      level++;
      levelEnd = frontier.count;
    }
    if (level > movesMax) return undefined;
    frontier.take(row, world, start);
    const here = world.state.snapshot();
    list.clear();
    addProgress(world, list);
    if (list.count === 0) {
      try {
        world.checkEnd();
      } catch (error) {
        return { path: frontier.pathTo(row), error };
      }
    }
    if (level === movesMax) continue;
    addHappenings(world, list);
    for (let i = 0; i < list.count; i++) {
      const at = i * MOVE_WORDS;
      const kind = list.words[at];
      const subject = list.words[at + 1];
      const variant = list.words[at + 2];
      world.state.words.set(here);
      try {
        play(world, kind, subject, variant);
      } catch (error) {
        const path = new Int32Array([...frontier.pathTo(row), kind, subject, variant]);
        return { path, error };
      }
      if (kind === move.step) addVariants(world, list, subject, variant);
      print.take();
      if (visited.meet(print.low, print.high, 0) !== NEW) continue;
      if (visited.isFull) return undefined;
      frontier.add(row, kind, subject, variant, world.state.words);
    }
  }
  return undefined;
}

/** Adds the variants of a step in which one point more fails than in the variant that was just made. */
export function addVariants(world: World, list: MoveList, subject: number, script: number): void {
  const { points } = world.chance;
  const last = script > 0xff ? script >> 8 : script & 0xff;
  if (points <= last || script > 0xff) return;
  for (let point = last + 1; point <= points; point++) {
    list.add(move.step, subject, script === 0 ? point : script | (point << 8));
  }
}
