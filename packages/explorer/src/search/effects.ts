/** Words of an entry: a history, the move's kind and variant, what it adds to the fingerprint. */
const ENTRY = 6;
/** Places at most: 12 MiB. */
const PLACES_MAX = 1 << 19;

/** Spreads small numbers over all bits, so that those of a group and those of its moves do not cover each other. */
function spread(value: number): number {
  const once = Math.imul(value ^ (value >>> 16), 0x7feb352d);
  const twice = Math.imul(once ^ (once >>> 15), 0x846ca68b);
  return twice ^ (twice >>> 16);
}

function mixed(value: number, by: number): number {
  return spread(Math.imul(value, 0x2c1b3c6d) + by);
}

/**
 * By group of moves: what has happened to it, from the start on, as a number of 64 bits. Nobody else's moves make a difference to a
 * group but those that concern everybody, so that groups with one history are in one state.
 */
export class Histories {
  readonly low: Int32Array;
  readonly high: Int32Array;

  constructor(groups: number) {
    this.low = Int32Array.from({ length: groups }, (_, group) => spread(group + 1));
    this.high = Int32Array.from({ length: groups }, (_, group) => spread(~group));
  }

  copy(from: Histories): void {
    const { low, high } = this;
    for (let group = 0; group < low.length; group++) {
      low[group] = from.low[group];
      high[group] = from.high[group];
    }
  }

  /** A move of a group, or one that concerns it. */
  add(group: number, kind: number, variant: number): void {
    const by = spread((kind << 16) + variant + 1);
    this.low[group] = mixed(this.low[group], by);
    this.high[group] = (mixed(this.high[group] + 0x9e3779b9, by) + this.low[group]) | 0;
  }

  /** Something that is not known of has happened to a group: nothing else has its history but in the state of this fingerprint. */
  begin(group: number, low: number, high: number): void {
    this.low[group] = mixed(low, spread(group + 1));
    this.high[group] = mixed(high, spread(~group));
  }
}

/**
 * What a move of a group with a certain history adds to a state's fingerprint. Rows count by themselves, and what several groups
 * change in one row adds up, so that it is the same whatever other groups have done. When there are too many, all are forgotten.
 */
export class Effects {
  private words = new Int32Array(ENTRY << 10);
  private mask = (1 << 10) - 1;
  private used = 0;
  /** Of the effect that was found last. */
  low = 0;
  high = 0;

  /** Looks for an effect. */
  find(history: number, more: number, kind: number, variant: number): boolean {
    const { words } = this;
    const at = this.place(history, more, kind, variant);
    this.low = words[at + 4];
    this.high = words[at + 5];
    return words[at + 2] !== 0;
  }

  /** Notes an effect that is not there. */
  add(history: number, more: number, kind: number, variant: number): void {
    if (++this.used * 2 > this.mask) {
      if (this.mask + 1 < PLACES_MAX) this.grow();
      else this.clear();
    }
    const at = this.place(history, more, kind, variant);
    const { words } = this;
    words[at] = history;
    words[at + 1] = more;
    words[at + 2] = kind + 1;
    words[at + 3] = variant;
    words[at + 4] = this.low;
    words[at + 5] = this.high;
  }

  /** Where an effect is, or would be. Kinds are counted from 1: 0 is an empty place. */
  private place(history: number, more: number, kind: number, variant: number): number {
    const { words, mask } = this;
    let place = (history ^ (more >>> 9) ^ Math.imul(kind, 0x1f) ^ Math.imul(variant, 0x3b)) & mask;
    for (;;) {
      const at = place * ENTRY;
      if (words[at + 2] === 0) return at;
      if (
        words[at] === history &&
        words[at + 1] === more &&
        words[at + 2] === kind + 1 &&
        words[at + 3] === variant
      )
        return at;
      place = (place + 1) & mask;
    }
  }

  private clear(): void {
    this.words.fill(0);
    this.used = 1;
  }

  private grow(): void {
    const { words } = this;
    this.words = new Int32Array(words.length * 2);
    this.mask = this.mask * 2 + 1;
    for (let from = 0; from < words.length; from += ENTRY) {
      if (words[from + 2] === 0) continue;
      const entry = words.subarray(from, from + ENTRY);
      this.words.set(entry, this.place(entry[0], entry[1], entry[2] - 1, entry[3]));
    }
  }
}
