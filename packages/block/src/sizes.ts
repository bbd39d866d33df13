import { copyLimits, type PairingStrategy, type QueueLimits } from "@blockferry/core";
import type { BlockDevice } from "./device.ts";
import { boundaryBlocks, PIECES } from "./device-map.ts";
import { TRANSFERS_MAX } from "./transfer.ts";

/** Bounds of an engine's tables: whole numbers from 1 on. */
export interface EngineBounds {
  /** Copies at one time. Default 256. */
  readonly copies: number;
  /** Chunks at one time, over all copies. Default 256, under a stack that cuts 8. */
  readonly chunks: number;
  /** Source ranges of a chunk, at most 256. Default: those of the widest device's command. */
  readonly ranges: number;
  /** Blocks of a chunk. Default and most 2^30. */
  readonly chunkBlocks: number;
  /** Parts that a chunk's bios are cut into besides themselves. Default: what the stack makes of them at worst. */
  readonly pieces: number;
  /** Reads and writes of the engine's user at one time. Default 64. */
  readonly transfers: number;
}

const RANGES_MAX = 256;
const CHUNK_BLOCKS_MAX = 2 ** 30;

/** Rows of an engine's tables. */
export interface Sizes extends Omit<EngineBounds, "pieces" | "transfers"> {
  readonly bios: number;
  readonly windows: number;
  readonly requests: number;
  readonly residues: number;
  readonly residueReserve: number;
  readonly chunkResidues: number;
}

function depthOf(device: BlockDevice): number {
  return device.kind === "bottom" ? 0 : 1 + Math.max(...device.lower.map(depthOf));
}

function checkBounds(bounds: Partial<EngineBounds>): void {
  for (const [name, value] of Object.entries(bounds)) {
    const least = ["pieces", "transfers"].includes(name) ? 0 : 1;
    if (value !== undefined && (!Number.isSafeInteger(value) || value < least)) {
      throw new RangeError(`bounds: ${name} is ${value}; it is a whole number from ${least} on`);
    }
  }
}

/** Source ranges of a chunk: those of one command of the widest of the bottom devices. */
export function chunkRanges(limits: readonly QueueLimits[]): number {
  return Math.min(Math.max(...limits.map((each) => copyLimits(each)?.rangesMax ?? 1)), RANGES_MAX);
}

/** Blocks of a chunk that crosses no more boundaries of a stack than tables have rows for. */
export function chunkBlocks(device: BlockDevice): number {
  return Math.min(boundaryBlocks(device) * PIECES, CHUNK_BLOCKS_MAX);
}

/**
 * Bounds such that no row is ever missing.
 *
 * @param devices all devices of the engine, those below others included
 * @param commands that can be in flight over all queues, and parts of requests that can be sent again at one time
 * @param strategy what it takes for a chunk, where that differs from the default
 * @param emulates whether copies may go through the host
 */
export function sizesOf(
  devices: readonly BlockDevice[],
  { tags, repeats }: { readonly tags: number; readonly repeats: number },
  bounds: Partial<EngineBounds>,
  strategy: Pick<PairingStrategy, "rangesMax" | "rowsOf">,
  emulates: boolean,
): Sizes {
  checkBounds(bounds);
  const cuts = devices.some((device) => boundaryBlocks(device) !== Number.POSITIVE_INFINITY);
  const bottoms = devices.filter((device) => device.kind === "bottom");
  const widest = chunkRanges(bottoms.map((device) => device.limits));
  const ranges = Math.min(
    bounds.ranges ?? widest,
    strategy.rangesMax ?? Number.POSITIVE_INFINITY,
    RANGES_MAX,
  );
  const copies = bounds.copies ?? 256;
  const chunks = bounds.chunks ?? (cuts ? 8 : 256);
  const levels = Math.max(1, ...devices.map(depthOf));
  // What a stack may make of a chunk in the worst case: each level cuts destination and ranges at each boundary.
  const worst = cuts ? levels * (ranges + 2 * PIECES + 8) : bottoms.length > 1 ? ranges : 0;
  const pieces = bounds.pieces ?? worst;
  // A transfer, of a copy through the host or of the engine's user, crosses no more boundaries than a chunk.
  const cut = cuts ? Math.min(pieces, levels * (PIECES + 1)) : 0;
  const transfers = ((emulates ? copies : 0) + (bounds.transfers ?? TRANSFERS_MAX)) * (1 + cut);
  // Each part that is sent again, and each command, may leave one row of residue.
  const residueReserve = tags + repeats;
  const chunkResidues = 1 + ranges + pieces;
  const rows = strategy.rowsOf?.(ranges) ?? { bios: ranges + 2, windows: 2, requests: 1 };
  return {
    copies,
    chunks,
    ranges,
    chunkBlocks: Math.min(bounds.chunkBlocks ?? CHUNK_BLOCKS_MAX, CHUNK_BLOCKS_MAX),
    bios: chunks * (rows.bios + 2 * pieces) + transfers,
    windows: chunks * (rows.windows + pieces) + repeats,
    requests: chunks * (rows.requests + pieces) + transfers + repeats,
    residues: emulates ? chunks * chunkResidues + 4 * residueReserve : 1,
    residueReserve,
    chunkResidues,
  };
}
