import { NEW, type VisitedStates } from "./visited.ts";

/** Words before the entries: how many there are, and whether a search has found what stops all of them. */
const HEADER_WORDS = 4;
const USED = 0;
const STOPPED = 1;
const ENTRY = 3;

/**
 * Memory for the states that several threads meet: each explores from another end, none what another has met.
 *
 * @param bytes memory at most; states fill it to nine tenths
 */
export function sharedStates(bytes: number): SharedArrayBuffer {
  let places = 1024;
  while ((places * 2 * ENTRY + HEADER_WORDS) * 4 <= bytes && places < 2 ** 28) places *= 2;
  return new SharedArrayBuffer((places * ENTRY + HEADER_WORDS) * 4);
}

/** Fingerprints that several threads met. A place is claimed by its first word; no word of a fingerprint is 0. */
export class SharedVisited implements VisitedStates {
  private readonly words: Int32Array;
  private readonly mask: number;
  private readonly most: number;
  /** Where the state is that was met last. */
  private last = 0;
  asleep = 0;

  constructor(memory: SharedArrayBuffer) {
    this.words = new Int32Array(memory);
    const places = (this.words.length - HEADER_WORDS) / ENTRY;
    this.mask = places - 1;
    this.most = Math.floor(places * 0.9);
  }

  get used(): number {
    return Atomics.load(this.words, USED);
  }

  get isFull(): boolean {
    return this.used >= this.most;
  }

  get isStopped(): boolean {
    return Atomics.load(this.words, STOPPED) !== 0;
  }

  stop(): void {
    Atomics.store(this.words, STOPPED, 1);
  }

  meet(low: number, high: number, asleep: number): number {
    const first = low === 0 ? 1 : low;
    const second = high === 0 ? 1 : high;
    const { words, mask } = this;
    let place = (first ^ (second >>> 7)) & mask;
    for (;;) {
      const at = HEADER_WORDS + place * ENTRY;
      const found = Atomics.compareExchange(words, at, 0, first);
      if (found === 0) {
        Atomics.store(words, at + 2, asleep);
        Atomics.store(words, at + 1, second);
        Atomics.add(words, USED, 1);
        this.last = at;
        this.asleep = asleep;
        return NEW;
      }
      if (found === first) {
        // Whoever claimed the place is about to write the second word, at last.
        let other = Atomics.load(words, at + 1);
        while (other === 0) other = Atomics.load(words, at + 1);
        if (other === second) {
          const before = Atomics.and(words, at + 2, asleep);
          this.asleep = before & asleep;
          return before & ~asleep;
        }
      }
      place = (place + 1) & mask;
    }
  }

  narrow(asleep: number): void {
    this.asleep = Atomics.and(this.words, this.last + 2, asleep) & asleep;
  }
}
