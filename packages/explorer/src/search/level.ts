import { MoveList } from "../world/move.ts";
import { Histories } from "./effects.ts";

/** A state on the way from the start to the present one, and what is tried in it. */
export class Level {
  /** The state. */
  readonly words: Int32Array;
  readonly moves: MoveList = new MoveList();
  /** Moves that followed by themselves on the one that is tried. */
  readonly chain: MoveList = new MoveList();
  /** Moves that were tried or are being tried. */
  place = 0;
  /** True while the moves are in groups; then what sleeps in it, or has been tried, a bit for each group. */
  isGrouped = false;
  asleep = 0;
  /** Groups that have moves which concern a queue. */
  queueing = 0;
  /** Groups that have steps to make, and kinds of moves after which those come first in every order. */
  stepping = 0;
  turning = 0;

  /** Fingerprint of the state. */
  low = 0;
  high = 0;
  readonly histories: Histories;
  /** Tasks that have moves to make, a bit for each, where a reset concerns each of them by itself; 0 where that is not known. */
  resets = 0;
  /** What stands for a reset in their histories. */
  resetKind = 0;
  /** Groups that have several steps to make or commands in flight, a bit for each. */
  several = 0;

  constructor(words: Int32Array, tasks: number) {
    this.words = words.slice();
    this.histories = new Histories(tasks);
  }

  /** Begins anew, with nothing tried. */
  begin(): void {
    this.moves.clear();
    this.place = 0;
    this.isGrouped = false;
    this.asleep = 0;
    this.turning = 0;
  }

  /** Keeps the state, where it is wanted again: after its first move, to which others may be added where they are not in groups. */
  keep(words: Int32Array): void {
    if (this.moves.count > 1 || !this.isGrouped) this.words.set(words);
  }
}
