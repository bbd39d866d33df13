/**
 * Fingerprints of states that were met, two words each, by open addressing. Memory may be shared between threads: a place is
 * claimed by its first word.
 */
export class Visited {
  private low: Int32Array;
  private high: Int32Array;
  private mask: number;
  private readonly most: number;
  used = 0;

  /** @param statesMax most states that are ever kept */
  constructor(statesMax: number) {
    this.most = statesMax;
    this.low = new Int32Array(1 << 12);
    this.high = new Int32Array(1 << 12);
    this.mask = this.low.length - 1;
  }

  get isFull(): boolean {
    return this.used >= this.most;
  }

  get bytes(): number {
    return this.low.byteLength * 2;
  }

  /** Adds a fingerprint. False: it was there. */
  add(low: number, high: number): boolean {
    // 0, 0 is an empty place.
    const first = low === 0 && high === 0 ? 1 : low;
    const { mask } = this;
    let at = (first ^ Math.imul(high, 0x9e3779b1)) & mask;
    while (this.low[at] !== 0 || this.high[at] !== 0) {
      if (this.low[at] === first && this.high[at] === high) return false;
      at = (at + 1) & mask;
    }
    this.low[at] = first;
    this.high[at] = high;
    if (++this.used * 2 > mask) this.grow();
    return true;
  }

  private grow(): void {
    const { low, high } = this;
    this.low = new Int32Array(low.length * 2);
    this.high = new Int32Array(low.length * 2);
    this.mask = this.low.length - 1;
    for (let from = 0; from < low.length; from++) {
      if (low[from] === 0 && high[from] === 0) continue;
      let at = (low[from] ^ Math.imul(high[from], 0x9e3779b1)) & this.mask;
      while (this.low[at] !== 0 || this.high[at] !== 0) at = (at + 1) & this.mask;
      this.low[at] = low[from];
      this.high[at] = high[from];
    }
  }
}
