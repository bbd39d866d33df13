/** Ranges of blocks that lie apart, to be gathered. */
export const ranges = [
  [0, 2048],
  [8192, 64],
  [4100, 3],
] as const;

/** The same as the command line takes them. */
export const words: string = ranges.map(([lba, blocks]) => `${lba}+${blocks}`).join(",");
