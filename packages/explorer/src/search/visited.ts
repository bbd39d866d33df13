/** Words of an entry. */
const ENTRY = 2;

/** States that were met. */
export interface VisitedStates {
  /** How many. */
  readonly used: number;
  /** True when there is no room for more. */
  readonly isFull: boolean;
  /** True when another search over the same states has found what all are looking for. */
  readonly isStopped: boolean;
  /** Adds a fingerprint. False: it was there. */
  add(low: number, high: number): boolean;
  /** Stops the other searches over the same states. */
  stop(): void;
}

/** Fingerprints of states that were met, two words each, by open addressing. */
export class Visited implements VisitedStates {
  private words: Int32Array;
  private mask: number;
  private readonly most: number;
  used = 0;
  readonly isStopped = false;

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

  add(low: number, high: number): boolean {
    // 0, 0 is an empty place.
    const first = low === 0 && high === 0 ? 1 : low;
    const { mask, words } = this;
    let place = (first ^ (high >>> 7)) & mask;
    for (;;) {
      const at = place * ENTRY;
      const found = words[at];
      const second = words[at + 1];
      if (found === first && second === high) return false;
      if (found === 0 && second === 0) break;
      place = (place + 1) & mask;
    }
    words[place * ENTRY] = first;
    words[place * ENTRY + 1] = high;
    if (++this.used * 2 > mask) this.grow();
    return true;
  }

  private grow(): void {
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
      grown[place * ENTRY] = first;
      grown[place * ENTRY + 1] = high;
    }
    this.words = grown;
    this.mask = mask;
  }
}
