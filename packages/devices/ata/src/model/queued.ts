import { subcommandOf } from "../codec/write-gathered/command.ts";
import type { Command } from "./command.ts";
import type { Disk } from "./disk.ts";
import { writeGathered } from "./gather.ts";
import { readLog } from "./logs.ts";
import { queuedDataSetManagement } from "./range-commands.ts";
import { type CommandResult, result } from "./result.ts";
import { readBlocks, writeBlocks } from "./transfer.ts";

const FORCE_UNIT_ACCESS = 128;

/** Sectors of READ and WRITE FPDMA QUEUED are in FEATURES: 0 means 65,536 (ACS-4, 7.22 and 7.60). */
const blocksOf = ({ feature }: Command): number => feature || 65_536;

export const readFpdma = (disk: Disk, command: Command): CommandResult =>
  readBlocks(disk, command, command.lba, blocksOf(command));

export const writeFpdma = (disk: Disk, command: Command): CommandResult => {
  const isForced = command.device >= FORCE_UNIT_ACCESS;
  return writeBlocks(disk, command, command.lba, blocksOf(command), isForced);
};

/** SEND FPDMA QUEUED (ACS-4, 7.43): the subcommand is in COUNT(12:8). */
export function sendFpdma(disk: Disk, command: Command): CommandResult {
  const { gathering, preset } = disk;
  const subcommand = subcommandOf(command.count);
  const { queued = null } = gathering?.profile ?? {};
  if (queued !== null && subcommand === queued.subcommand) {
    if (command.auxiliary !== queued.auxiliary) return result.invalidField;
    return writeGathered(disk, command, "queued");
  }
  if (!preset.sendSubcommands.includes(subcommand)) return result.invalidField;
  return queuedDataSetManagement(disk, command);
}

/** RECEIVE FPDMA QUEUED (ACS-4, 7.40), of which there is READ LOG DMA EXT. */
export function receiveFpdma(disk: Disk, command: Command): CommandResult {
  const subcommand = subcommandOf(command.count);
  if (!disk.preset.receiveSubcommands.includes(subcommand)) return result.invalidField;
  return readLog(disk, command, command.feature);
}

/** NCQ NON-DATA (ACS-4, 7.16), of which there is ABORT NCQ QUEUE: nothing else is ever in the queue of this model. */
export function nonData(disk: Disk, command: Command): CommandResult {
  const subcommand = command.feature % 16;
  return disk.preset.nonDataSubcommands.includes(subcommand) ? result.good : result.invalidField;
}
