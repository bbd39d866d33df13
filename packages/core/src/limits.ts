/**
 * What one copy command of a device can carry.
 *
 * - `many-to-one`: several source ranges, one destination range (NVMe Copy, ATA WRITE GATHERED).
 * - `one-to-one`: one source range, one destination range.
 * - `pairs`: several pairs of a source and a destination (SCSI EXTENDED COPY).
 * - `token`: several source ranges make a token, a second command writes from it (SCSI POPULATE TOKEN).
 */
export type CopyShape = "many-to-one" | "one-to-one" | "pairs" | "token";

/**
 * Limits of a block device, as `struct queue_limits` of the Linux block layer has them. Units are logical blocks. `undefined` means
 * that the device has no such operation; 0 is never a limit. A `Hw` variant is what the device says, the other what is
 * in force (an administrator may lower it).
 */
export interface QueueLimits {
  /** Bytes of data in a logical block, without metadata. */
  readonly bytesPerBlock: number;
  /** Blocks of one read or write. */
  readonly transferBlocksMax: number;
  /** Shape of one copy command; `undefined`: the device has none. */
  readonly copyShape?: CopyShape | undefined;
  /** Blocks of one copy command, over all its ranges. */
  readonly copyBlocksMax?: number | undefined;
  readonly copyBlocksHwMax?: number | undefined;
  /** Source ranges of one copy command. */
  readonly copyRangesMax?: number | undefined;
  readonly copyRangesHwMax?: number | undefined;
  /** Blocks of one source range. */
  readonly copyRangeBlocksMax?: number | undefined;
  readonly copyRangeBlocksHwMax?: number | undefined;
  /** True when a source may lie on another device of the same copy domain (NVMe formats 2h/3h, XCOPY across units). */
  readonly copyCrossDevice?: boolean | undefined;
}

/** The part of the limits that shapes copy commands, all present. */
export interface CopyLimits {
  readonly shape: CopyShape;
  readonly blocksMax: number;
  readonly rangesMax: number;
  readonly rangeBlocksMax: number;
  readonly crossDevice: boolean;
}

/** Largest number of blocks that a planned command carries, whatever the device says: counts are signed words. */
export const COMMAND_BLOCKS_MAX: number = 2 ** 31 - 1;

/** The limits in force for copies, or `undefined` where the device has no copy command. Throws on a limit below 1. */
export function copyLimits(limits: QueueLimits): CopyLimits | undefined {
  const { copyShape, copyBlocksMax, copyRangesMax, copyRangeBlocksMax } = limits;
  if (
    copyShape === undefined ||
    copyBlocksMax === undefined ||
    copyRangesMax === undefined ||
    copyRangeBlocksMax === undefined
  ) {
    return undefined;
  }
  const whole = { copyBlocksMax, copyRangesMax, copyRangeBlocksMax };
  for (const [name, value] of Object.entries(whole)) {
    if (!Number.isSafeInteger(value) || value < 1) {
      throw new RangeError(
        `${name} is ${value}; a limit is a whole number from 1 on, or undefined`,
      );
    }
  }
  return {
    shape: copyShape,
    blocksMax: Math.min(copyBlocksMax, COMMAND_BLOCKS_MAX),
    rangesMax: copyShape === "one-to-one" ? 1 : copyRangesMax,
    rangeBlocksMax: Math.min(copyRangeBlocksMax, copyBlocksMax, COMMAND_BLOCKS_MAX),
    crossDevice: limits.copyCrossDevice === true,
  };
}

function least(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined || b === undefined ? undefined : Math.min(a, b);
}

/**
 * Limits of a device on top of others: the least of all, as blk_stack_limits() has it. One lower device without a copy
 * command leaves the stack without one. All must have the same block size.
 */
export function stackLimits(lower: readonly QueueLimits[]): QueueLimits {
  if (lower.length === 0) throw new RangeError("a stacked device needs at least one lower device");
  return lower.reduce((a, b) => {
    if (a.bytesPerBlock !== b.bytesPerBlock) {
      throw new RangeError(
        `cannot stack devices of ${a.bytesPerBlock} and ${b.bytesPerBlock} bytes per block`,
      );
    }
    const copies = a.copyShape !== undefined && a.copyShape === b.copyShape;
    return {
      bytesPerBlock: a.bytesPerBlock,
      transferBlocksMax: Math.min(a.transferBlocksMax, b.transferBlocksMax),
      copyShape: copies ? a.copyShape : undefined,
      copyBlocksMax: copies ? least(a.copyBlocksMax, b.copyBlocksMax) : undefined,
      copyBlocksHwMax: copies ? least(a.copyBlocksHwMax, b.copyBlocksHwMax) : undefined,
      copyRangesMax: copies ? least(a.copyRangesMax, b.copyRangesMax) : undefined,
      copyRangesHwMax: copies ? least(a.copyRangesHwMax, b.copyRangesHwMax) : undefined,
      copyRangeBlocksMax: copies ? least(a.copyRangeBlocksMax, b.copyRangeBlocksMax) : undefined,
      copyRangeBlocksHwMax: copies
        ? least(a.copyRangeBlocksHwMax, b.copyRangeBlocksHwMax)
        : undefined,
      copyCrossDevice: copies && a.copyCrossDevice === true && b.copyCrossDevice === true,
    };
  });
}
