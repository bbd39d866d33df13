import { gatheredRegisterValues, pagesOf } from "../codec/write-gathered/command.ts";
import { type ListFault, readGatheredList } from "../codec/write-gathered/list.ts";
import { type Command, isLbaMode } from "./command.ts";
import type { Disk, Gathering } from "./disk.ts";
import { moveRanges } from "./gather-move.ts";
import { isInside } from "./medium.ts";
import { type CommandResult, result } from "./result.ts";

const listRefusals: Readonly<Record<ListFault, CommandResult>> = {
  length: result.listLength,
  header: result.invalidList,
  "too-many-entries": result.invalidList,
  "entry-of-no-blocks": result.invalidList,
  "too-many-blocks-of-an-entry": result.invalidList,
  "too-many-blocks": result.invalidList,
  "no-entries": result.invalidList,
};

/** Takes the list of source ranges and compares it with what the registers say of it. */
function readList(
  { profile, limits, ranges, listBytesMax }: Gathering,
  command: Command,
  form: "plain" | "queued",
): CommandResult {
  const list = command.dataOut;
  if (list === undefined) return result.transferLength;
  const { count, feature } = command;
  const said = gatheredRegisterValues(profile, form, count, feature);
  if (said.pages !== undefined && said.pages !== pagesOf(list.length)) return result.transferLength;
  if (list.length > listBytesMax) return result.listLength;
  const fault = readGatheredList(profile, list, ranges, said.entries, limits);
  if (fault !== undefined) return listRefusals[fault];
  const isOther = said.blocks !== undefined && said.blocks !== ranges.total;
  return isOther ? result.invalidList : result.good;
}

/** Checks the addresses of the list and of the destination; LBA names the first that is wrong. */
function checkAddresses(disk: Disk, command: Command, gathering: Gathering): CommandResult {
  const { ranges, profile } = gathering;
  const { badRange, lba } = profile.errors;
  const refusal = badRange === "IDNF" ? result.outOfRange : result.outOfRangeAborted;
  let done = 0;
  for (let i = 0; i < ranges.count; i += 1) {
    if (!isInside(disk, ranges.lba[i], ranges.blocks[i])) {
      if (lba === "source") command.outLba = wireAddress(Math.max(ranges.lba[i], disk.sectors));
      if (lba === "destination") command.outLba = wireAddress(command.lba + done);
      return refusal;
    }
    done += ranges.blocks[i];
  }
  if (isInside(disk, command.lba, ranges.total)) return result.good;
  if (lba !== "unchanged") command.outLba = Math.max(command.lba, disk.sectors);
  return refusal;
}

const ADDRESSES = 2 ** 48;
/** What of an address the LBA field can hold. */
const wireAddress = (lba: number): number => Math.min(lba, ADDRESSES - 1);

/** True if any source shares a sector with the destination. */
function hasOverlap({ ranges }: Gathering, destination: number): boolean {
  const end = destination + ranges.total;
  for (let i = 0; i < ranges.count; i += 1) {
    if (ranges.lba[i] < end && destination < ranges.lba[i] + ranges.blocks[i]) return true;
  }
  return false;
}

/**
 * WRITE GATHERED EXT by the disk's profile: sectors of the ranges of a list, one behind the other, to LBA on. Everything
 * is checked before a sector moves.
 */
export function writeGathered(
  disk: Disk,
  command: Command,
  form: "plain" | "queued",
): CommandResult {
  const gathering = disk.gathering as Gathering;
  if (!isLbaMode(command)) return result.invalidField;
  const read = readList(gathering, command, form);
  if (read !== result.good) return read;
  const addressed = checkAddresses(disk, command, gathering);
  if (addressed !== result.good) return addressed;
  if (disk.readonly) return result.writeProtected;
  const { overlap } = gathering.profile.errors;
  const isOverlapping = hasOverlap(gathering, command.lba);
  if (isOverlapping && overlap === "abort") return result.invalidList;
  return moveRanges(disk, command, gathering, isOverlapping && overlap === "snapshot");
}
