import { MOVE_WORDS, move } from "../world/move.ts";
import { Effects } from "./effects.ts";
import type { Level } from "./level.ts";
import type { VisitedStates } from "./visited.ts";

// Names of this module's own: V8 takes them for the constants that they are, and what is imported for variables.
const WORDS = MOVE_WORDS;
const ECHO = move.echo;
const RESET_BY_HOST = move.expireAgain;

/** What has not been told of a state: whether it was met. */
export const UNTOLD = -2;
/** What stands for a reset in histories, and for the last one, after which steps come first that did not. */
export const RESET = 65;
export const LAST_RESET = 66;
/** Marks a move that concerns everybody in the history of each. */
const EVERYBODY_S = 128;
const NOT_TOLD = UNTOLD;

/** Tells which states moves lead to, without making them, where their effects are known. */
export class Foresight {
  /** Fingerprint of the state that was told of last, or was met. */
  low = 0;
  high = 0;
  private readonly visited: VisitedStates;
  private readonly effects = new Effects();
  /** Of a reset: the one task on which its effect is not known, -1 for several; and the sum of those that are. */
  private unknown = -1;
  private restLow = 0;
  private restHigh = 0;

  constructor(visited: VisitedStates) {
    this.visited = visited;
  }

  /** The group of a move whose effect is the same wherever its group has this history, -1 for other moves. */
  groupOf(level: Level, place: number, turns: boolean): number {
    if (!level.isGrouped || turns) return -1;
    const group = level.moves.groups[place];
    // Second answers have no history: there may be any number of them.
    if (group < 0 || group >= level.histories.low.length) return -1;
    return (level.several & (1 << group)) !== 0 ? -1 : group;
  }

  /**
   * Meets the state that a move leads to without making it, where its effect on the fingerprint is known. `NOT_TOLD` where it is not.
   */
  tell(level: Level, group: number, kind: number, variant: number, asleep: number): number {
    const { effects } = this;
    const { low: histories, high: more } = level.histories;
    if (!effects.find(histories[group], more[group], kind, variant)) return NOT_TOLD;
    this.low = level.low;
    this.high = level.high;
    this.addEffect();
    return this.visited.meet(this.low, this.high, asleep);
  }

  /** Notes what a move has added to the fingerprint of a level's state. */
  note(level: Level, group: number, kind: number, variant: number): void {
    const { effects } = this;
    const borrow = this.low >>> 0 < level.low >>> 0 ? 1 : 0;
    effects.low = (this.low - level.low) | 0;
    effects.high = (this.high - level.high - borrow) | 0;
    effects.add(level.histories.low[group], level.histories.high[group], kind, variant);
  }

  /** Meets the state that a reset leads to, where its effect on each task that has moves to make is known; adds those that are. */
  tellReset(level: Level): number {
    const { effects } = this;
    const { low: histories, high: more } = level.histories;
    this.low = level.low;
    this.high = level.high;
    this.unknown = -1;
    let unknown = 0;
    for (let task = 0; task < histories.length; task++) {
      if ((level.resets & (1 << task)) === 0) continue;
      if (effects.find(histories[task], more[task], level.resetKind, 0)) this.addEffect();
      else {
        unknown++;
        this.unknown = task;
      }
    }
    if (unknown > 1) this.unknown = -1;
    if (unknown > 0) {
      this.restLow = this.low;
      this.restHigh = this.high;
      return NOT_TOLD;
    }
    return this.visited.meet(this.low, this.high, 0);
  }

  /** Adds the effect that was found last. */
  private addEffect(): void {
    const { effects } = this;
    const low = (this.low + effects.low) | 0;
    const carry = low >>> 0 < this.low >>> 0 ? 1 : 0;
    this.high = (this.high + effects.high + carry) | 0;
    this.low = low;
  }

  /** Notes the effect of a reset on the one task on which it was not known. */
  noteReset(level: Level): void {
    if (this.unknown < 0) return;
    const { effects, unknown, restLow, restHigh } = this;
    const borrow = this.low >>> 0 < restLow >>> 0 ? 1 : 0;
    effects.low = (this.low - restLow) | 0;
    effects.high = (this.high - restHigh - borrow) | 0;
    effects.add(level.histories.low[unknown], level.histories.high[unknown], level.resetKind, 0);
  }

  /** Notes what has happened to whom since the level before. */
  noteHistory(from: Level, level: Level, place: number, turns: boolean): void {
    const { histories } = level;
    const tasks = histories.low.length;
    if (!from.isGrouped) {
      for (let task = 0; task < tasks; task++) histories.begin(task, this.low, this.high);
      return;
    }
    histories.copy(from.histories);
    const { words, groups } = from.moves;
    const kind = words[place * WORDS];
    const variant = words[place * WORDS + 2];
    const group = groups[place];
    if (group >= tasks) return;
    if (group >= 0 && !turns) {
      // Which of several it was that moved says nothing but its row.
      if ((from.several & (1 << group)) !== 0) histories.begin(group, this.low, this.high);
      else histories.add(group, kind, variant);
      return;
    }
    if (kind === RESET_BY_HOST && from.resets !== 0) {
      for (let task = 0; task < tasks; task++) {
        if ((from.resets & (1 << task)) !== 0) histories.add(task, from.resetKind, 0);
      }
      return;
    }
    // It concerns everybody, or what follows by itself does. Whom it befalls: a queue, a copy or a device; a command's row says nothing.
    const subject = words[place * WORDS + 1];
    const whom = kind <= ECHO ? subject >> 16 : subject;
    for (let task = 0; task < tasks; task++) {
      histories.add(task, EVERYBODY_S + kind, task === group ? variant + 1 : variant);
      histories.add(task, EVERYBODY_S, whom);
    }
  }
}
