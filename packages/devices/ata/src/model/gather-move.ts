import type { Command } from "./command.ts";
import type { Disk, Gathering } from "./disk.ts";
import { readableBlocks, settle, unmark, writableBlocks } from "./medium.ts";
import { type CommandResult, result } from "./result.ts";

/** Largest copy that is read as a whole before any of it is written. */
const SNAPSHOT_BYTES_MAX = 2 ** 28;

/** How far one range gets. */
interface Reach {
  readonly blocks: number;
  readonly ended: CommandResult;
}

function reachOf(disk: Disk, source: number, destination: number, blocks: number): Reach {
  if (!disk.faults.hasMediumFaults && disk.marked.isEmpty) return { blocks, ended: result.good };
  const readable = readableBlocks(disk, source, blocks);
  const writable = writableBlocks(disk, destination, readable);
  if (writable < readable) return { blocks: writable, ended: result.writeFault };
  return { blocks: readable, ended: readable < blocks ? result.unrecoveredRead : result.good };
}

function copyInStore(
  disk: Disk,
  command: Command,
  source: number,
  destination: number,
  blocks: number,
): void {
  const { store, bytesPerSector: bytes } = disk;
  command.access = "write";
  const means = store.copy(source * bytes, destination * bytes, blocks * bytes);
  command.access = "none";
  unmark(disk, destination, blocks);
  disk.onStoreCopy?.(means, blocks, source, destination);
}

/** Says in LBA where a copy has ended, as the profile wants it. */
function putErrorAddress(
  command: Command,
  { profile }: Gathering,
  source: number,
  destination: number,
): void {
  const { lba } = profile.errors;
  if (lba === "source") command.outLba = source;
  if (lba === "destination") command.outLba = destination;
}

/** Reads all ranges, up to the first sector that cannot be read, and writes what was read. */
function moveSnapshot(disk: Disk, command: Command, gathering: Gathering): CommandResult {
  const { ranges } = gathering;
  const { store, bytesPerSector } = disk;
  if (ranges.total * bytesPerSector > SNAPSHOT_BYTES_MAX) return result.noRoom;
  const data = new Uint8Array(ranges.total * bytesPerSector);
  let done = 0;
  let ended: CommandResult = result.good;
  for (let i = 0; i < ranges.count && ended === result.good; i += 1) {
    const source = ranges.lba[i];
    const reach = reachOf(disk, source, command.lba + done, ranges.blocks[i]);
    putErrorAddress(command, gathering, source + reach.blocks, command.lba + done + reach.blocks);
    const from = done * bytesPerSector;
    command.access = "read";
    store.read(source * bytesPerSector, data.subarray(from, from + reach.blocks * bytesPerSector));
    done += reach.blocks;
    ended = reach.ended;
  }
  const cut = command.budget >= 0 && command.budget < done;
  const written = cut ? command.budget : done;
  command.access = "write";
  store.write(command.lba * bytesPerSector, data.subarray(0, written * bytesPerSector));
  command.access = "none";
  unmark(disk, command.lba, written);
  disk.onStoreCopy?.("read-write", written, ranges.lba[0], command.lba);
  return ended;
}

/** Moves range by range; a range that overlaps its own destination is moved as if it were read first. */
function moveInOrder(disk: Disk, command: Command, gathering: Gathering): CommandResult {
  const { ranges } = gathering;
  let destination = command.lba;
  let left = command.budget;
  for (let i = 0; i < ranges.count; i += 1) {
    const source = ranges.lba[i];
    putErrorAddress(command, gathering, source, destination);
    const reach = reachOf(disk, source, destination, ranges.blocks[i]);
    const isCut = left >= 0 && left < reach.blocks;
    const blocks = isCut ? left : reach.blocks;
    if (blocks > 0) copyInStore(disk, command, source, destination, blocks);
    if (isCut) return result.good;
    if (reach.ended !== result.good) {
      putErrorAddress(command, gathering, source + blocks, destination + blocks);
      return reach.ended;
    }
    if (left >= 0) left -= blocks;
    destination += blocks;
  }
  return result.good;
}

/** Carries out a gathered write whose ranges are all in order. */
export function moveRanges(
  disk: Disk,
  command: Command,
  gathering: Gathering,
  isSnapshot: boolean,
): CommandResult {
  const ended = isSnapshot
    ? moveSnapshot(disk, command, gathering)
    : moveInOrder(disk, command, gathering);
  if (ended !== result.good) return ended;
  // Should the flush fail, nothing is certain to be on the medium.
  putErrorAddress(command, gathering, gathering.ranges.lba[0], command.lba);
  if (command.outcome === "completed") settle(disk, command, false);
  command.outLba = command.lba;
  return ended;
}
