/**
 * Lanes of a device: slices on one track must not overlap, so each gets the first lane that is free from its beginning on.
 */
export interface Lanes {
  /** Takes a lane from `fromUs` on. */
  take(fromUs: number): number;
  release(lane: number, atUs: number): void;
}

export function lanes(): Lanes {
  const freeFrom: number[] = [];
  return {
    take(fromUs) {
      const free = freeFrom.findIndex((us) => us <= fromUs);
      const lane = free < 0 ? freeFrom.length : free;
      freeFrom[lane] = Number.POSITIVE_INFINITY;
      return lane;
    },
    release(lane, atUs) {
      freeFrom[lane] = atUs;
    },
  };
}
