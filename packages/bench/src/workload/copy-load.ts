/** Copies of one shape under one device's limits: what a round of the copy path repeats. */
export interface CopyLoad {
  readonly name: string;
  /** Source ranges of a copy. */
  readonly ranges: number;
  /** Blocks of a source range. */
  readonly blocks: number;
  /** Limits of the namespace, by their names in NVMe: MSSRL, MCL, MSRC (here one-based). */
  readonly mssrl: number;
  readonly mcl: number;
  readonly msrc: number;
}

/** One range, one command; eight ranges that limits cut into three commands; the largest single command. */
export const copyLoads: readonly CopyLoad[] = [
  { name: "1 range", ranges: 1, blocks: 256, mssrl: 256, mcl: 1024, msrc: 128 },
  { name: "8 ranges", ranges: 8, blocks: 300, mssrl: 128, mcl: 1024, msrc: 16 },
  { name: "128 ranges", ranges: 128, blocks: 8, mssrl: 128, mcl: 1024, msrc: 128 },
];

/** Copies in flight before they are answered. */
export const BATCH = 16;
/** Copies whose encoded bytes are summed, to see that all contestants do the same work. */
export const CHECKED = 1000;
/** Slots of the queue. */
export const DEPTH = 64;
