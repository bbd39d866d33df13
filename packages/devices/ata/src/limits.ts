import type { QueueLimits } from "@blockferry/core";
import { entryBlocksMax } from "./codec/write-gathered/entry-blocks-max.ts";
import { gatheredListBytes } from "./codec/write-gathered/list.ts";
import type {
  GatheredLimits,
  RegisterMeaning,
  WriteGatheredProfile,
} from "./codec/write-gathered/profile.ts";

/** Sectors of one READ or WRITE DMA EXT: COUNT 0 means as many. */
const TRANSFER_BLOCKS_MAX = 65_536;
const REGISTER_MAX = 65_535;
const PAGE_BYTES = 512;

/** What the command set, the transport and the registers leave of a device's limits. */
export interface ListRoom {
  /** Bytes of a list that a command can bring; default any. */
  readonly listBytesMax?: number | undefined;
}

function registerRoom(meaning: RegisterMeaning, name: RegisterMeaning, most: number): number {
  return meaning === name ? most : Number.POSITIVE_INFINITY;
}

/** Entries that fit into a list of so many bytes. */
function entriesOf(profile: WriteGatheredProfile, bytes: number): number {
  const { header, entry, pageBytes } = profile.list;
  const whole = Math.floor(bytes / pageBytes) * pageBytes;
  return Math.max(0, Math.floor((whole - (header?.bytes ?? 0)) / entry.bytes));
}

/**
 * Limits of WRITE GATHERED EXT in force: the least of the device's, the profile's, and what entries, registers and list
 * have room for. `undefined` where not even one entry has.
 */
export function gatheredLimits(
  profile: WriteGatheredProfile,
  device: GatheredLimits,
  room: ListRoom = {},
): GatheredLimits | undefined {
  const { count, feature } = profile.registers;
  const bytesMax = Math.min(
    room.listBytesMax ?? Number.POSITIVE_INFINITY,
    REGISTER_MAX * PAGE_BYTES,
    gatheredListBytes(profile, profile.limits.entries),
  );
  const entries = Math.min(
    device.entries,
    profile.limits.entries,
    entriesOf(profile, bytesMax),
    registerRoom(count, "entries", REGISTER_MAX),
    registerRoom(feature, "entries", REGISTER_MAX),
  );
  if (entries < 1) return undefined;
  const blocks = Math.min(
    device.blocks,
    profile.limits.blocks,
    registerRoom(count, "blocks", TRANSFER_BLOCKS_MAX),
    registerRoom(feature, "blocks", TRANSFER_BLOCKS_MAX),
  );
  const blocksPerEntry = Math.min(
    device.blocksPerEntry,
    profile.limits.blocksPerEntry,
    entryBlocksMax(profile),
    blocks,
  );
  return { entries, blocksPerEntry, blocks };
}

/** Limits of a disk for the block layer. */
export function queueLimits(
  bytesPerBlock: number,
  gathered: GatheredLimits | undefined,
  dataBytesMax: number = Number.POSITIVE_INFINITY,
): QueueLimits {
  const carried = Math.floor(dataBytesMax / bytesPerBlock);
  const transferBlocksMax = Math.max(1, Math.min(TRANSFER_BLOCKS_MAX, carried));
  if (gathered === undefined) return { bytesPerBlock, transferBlocksMax };
  return {
    bytesPerBlock,
    transferBlocksMax,
    copyShape: "many-to-one",
    copyBlocksMax: gathered.blocks,
    copyBlocksHwMax: gathered.blocks,
    copyRangesMax: gathered.entries,
    copyRangesHwMax: gathered.entries,
    copyRangeBlocksMax: gathered.blocksPerEntry,
    copyRangeBlocksHwMax: gathered.blocksPerEntry,
    copyCrossDevice: false,
  };
}
