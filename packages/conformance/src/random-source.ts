/** Numbers that follow from a seed. */
export interface RandomSource {
  readonly seed: number;
  /** 0 to 2^32-1. */
  word(): number;
  /** 0 to `count` - 1; `count` up to 2^53. */
  below(count: number): number;
  /** `least` to `most`, both included. */
  between(least: number, most: number): number;
  pick<T>(list: readonly T[]): T;
  bytes(count: number): Uint8Array;
}

const WORD = 2 ** 32;

/** sfc32 (Doty-Humphrey's Small Fast Counting generator), one word of seed. */
function randomSource(seed: number): RandomSource {
  let a = seed >>> 0;
  let b = 0x9e3779b9;
  let c = 0x243f6a88;
  let counter = 1;
  const word = (): number => {
    const sum = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + sum;
    return sum >>> 0;
  };
  for (let round = 0; round < 12; round += 1) word();
  const below = (count: number): number =>
    count <= WORD
      ? Math.floor((word() / WORD) * count)
      : Math.floor(((word() * 2 ** 21 + (word() >>> 11)) / 2 ** 53) * count);
  return {
    seed,
    word,
    below,
    between: (least, most) => least + below(most - least + 1),
    pick: (list) => list[below(list.length)],
    bytes: (count) => Uint8Array.from({ length: count }, () => word() & 255),
  };
}

export interface RandomOptions {
  /** Seed of the first random case; default: another one each time. */
  readonly seed?: number;
  /** Random cases of each test; default: as many as the suite thinks right. */
  readonly cases?: number;
}

/** Runs a body with sources of consecutive seeds; a failure names its seed. */
export async function forEachSeed(
  options: RandomOptions,
  cases: number,
  body: (random: RandomSource) => void | Promise<void>,
): Promise<void> {
  const first = (options.seed ?? Math.floor(Math.random() * WORD)) >>> 0;
  const count = options.cases ?? cases;
  for (let at = 0; at < count; at += 1) {
    const seed = (first + at) >>> 0;
    try {
      await body(randomSource(seed));
    } catch (error) {
      const text = error instanceof Error ? error.message : String(error);
      throw new Error(`${text}\n(seed ${seed}: give the suite { seed: ${seed} } to see it again)`, {
        cause: error,
      });
    }
  }
}
