/** xorshift32, as the C loops have it, so that all contestants copy the same blocks. */
export class RandomWords {
  private state: number;

  constructor(seed: number) {
    this.state = seed | 0;
  }

  next(): number {
    let state = this.state;
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    this.state = state;
    return state;
  }
}

/** Distance between the source ranges of one copy: 2^32 divided by the golden ratio. */
export const RANGE_STEP: number = 2654435761 | 0;
/** Makes the destination out of the word that makes the sources. */
export const DESTINATION_MASK = 0x5bd1e995;
