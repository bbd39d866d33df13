/** Words of an entry: a fingerprint, and what sleeps. */
const ENTRY = 3;

/** What `meet` returns of a state that was not met before. */
const UNMET = -1;
export const NEW: typeof UNMET = UNMET;

/**
 * States that were met. With each is kept which groups of moves sleep in it (`Independence`): it is reached by other ways as
 * well, and what sleeps on all of them was not tried.
 */
export interface VisitedStates {
  /** How many. */
  readonly used: number;
  /** True when there is no room for more. */
  readonly isFull: boolean;
  /** True when another search over the same states has found what all are looking for. */
  readonly isStopped: boolean;
  /**
   * Adds a fingerprint. `NEW`, or of a state that was there the groups, a bit for each, that slept in it and are awake now: they
   * are taken to be tried.
   *
   * @param asleep groups that sleep, a bit for each
   * @param high second word of the fingerprint
   */
  meet(low: number, high: number, asleep: number): number;
  /** Of the state met last: the groups that sleep, all that did so far. */
  readonly asleep: number;
  /** Of the state met last, which is new: no more than these groups sleep. */
  narrow(asleep: number): void;
  /** Stops the other searches over the same states. */
  stop(): void;
}

/** States that were met, by open addressing. */
export class Visited implements VisitedStates {
  private words: Int32Array;
  private mask: number;
  private readonly most: number;
  used = 0;
  asleep = 0;
  readonly isStopped = false;
  /** Where the state is that was met last. */
  private last = 0;

  /** @param statesMax most states that are ever kept */
  constructor(statesMax: number) {
    this.most = statesMax;
    this.words = new Int32Array(ENTRY << 12);
    this.mask = (1 << 12) - 1;
  }

  get isFull(): boolean {
    return this.used >= this.most;
  }

  stop(): void {}

  meet(low: number, high: number, asleep: number): number {
    // 0, 0 is an empty place.
    const first = low === 0 && high === 0 ? 1 : low;
    const { mask, words } = this;
    let place = (first ^ (high >>> 7)) & mask;
    for (;;) {
      const at = place * ENTRY;
      const found = words[at];
      const second = words[at + 1];
      if (found === first && second === high) {
        const before = words[at + 2];
        this.asleep = before & asleep;
        words[at + 2] = this.asleep;
        return before & ~asleep;
      }
      if (found === 0 && second === 0) break;
      place = (place + 1) & mask;
    }
    const at = place * ENTRY;
    words[at] = first;
    words[at + 1] = high;
    words[at + 2] = asleep;
    this.asleep = asleep;
    this.last = at;
    if (++this.used * 4 > mask * 3) this.grow(at);
    return UNMET;
  }

  narrow(asleep: number): void {
    this.asleep &= asleep;
    this.words[this.last + 2] = this.asleep;
  }

  /** @param last where the state that was met last is */
  private grow(last: number): void {
    const { words } = this;
    const grown = new Int32Array(words.length * 2);
    const mask = grown.length / ENTRY - 1;
    for (let from = 0; from < words.length; from += ENTRY) {
      const first = words[from];
      const high = words[from + 1];
      if (first === 0 && high === 0) continue;
      let place = (first ^ (high >>> 7)) & mask;
      while (grown[place * ENTRY] !== 0 || grown[place * ENTRY + 1] !== 0)
        place = (place + 1) & mask;
      const at = place * ENTRY;
      grown[at] = first;
      grown[at + 1] = high;
      grown[at + 2] = words[from + 2];
      if (from === last) this.last = at;
    }
    this.words = grown;
    this.mask = mask;
  }
}
