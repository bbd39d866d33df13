import type { CommandEncoder, CommandSet, QueueLayout, QueueMemory } from "@blockferry/core";
import { checkWhole } from "./block-commands.ts";
import { CSCD_BYTES } from "./codec/copy/cscd.ts";
import { SCSI_COMMAND_BYTES, SCSI_COMPLETION_BYTES } from "./codec/scsi-command-record.ts";
import type { ExtendedCopyOptions, ListIdUsage } from "./command-options.ts";
import { copyListHeader, type listIdUsage } from "./copy-list-header.ts";
import { COPY_TRAILER_WORDS, ExtendedCopyEncoder } from "./extended-copy-encoder.ts";
import { listIdentifierSpace } from "./list-identifiers.ts";

/** Room for a list where the caller asks for none: 64 units and 1024 segments. */
const LIST_BYTES_DEFAULT: number = 48 + 64 * CSCD_BYTES + 1024 * 32;
const LIST_BYTES_MOST = 2 ** 24;
const LINE_BYTES = 64;
const PRIORITY_DEFAULT = 1;

export interface ExtendedCopyCommandSetOptions extends ExtendedCopyOptions {
  /** Room for the parameter list of one command, bytes. Default 34864. */
  readonly listBytesMax?: number | undefined;
}

/** `auto` is settled by who knows the units: here it means an identifier, which all copy managers understand. */
function usageOf(usage: ListIdUsage): keyof typeof listIdUsage {
  if (usage === "auto") return "discard";
  if (usage === "none" || usage === "discard" || usage === "hold") return usage;
  throw new RangeError(`listIdUsage must be auto, none, discard or hold, not ${String(usage)}`);
}

/**
 * EXTENDED COPY, READ(16), WRITE(16) and SYNCHRONIZE CACHE(16) for the logical units of one target. Pure; nothing in it
 * allocates per command, but where a command fails.
 *
 * @throws RangeError when an option is out of range.
 */
export function extendedCopyCommandSet(options: ExtendedCopyCommandSetOptions = {}): CommandSet {
  const { listBytesMax = LIST_BYTES_DEFAULT, ...commands } = options;
  const { listFormat = "lid1" } = commands;
  if (listFormat !== "lid1" && listFormat !== "lid4") {
    throw new RangeError(`listFormat must be lid1 or lid4, not ${String(listFormat)}`);
  }
  checkWhole("listBytesMax", listBytesMax, 128, LIST_BYTES_MOST);
  const priority = checkWhole("priority", commands.priority ?? PRIORITY_DEFAULT, 0, 7);
  const usage = usageOf(commands.listIdUsage ?? "auto");
  const header = copyListHeader(listFormat, usage, priority);
  const identifiers = usage === "none" ? undefined : listIdentifierSpace(header.identifierBits);
  const layout: QueueLayout = {
    commandBytes: SCSI_COMMAND_BYTES,
    listBytes: Math.ceil(listBytesMax / LINE_BYTES) * LINE_BYTES + COPY_TRAILER_WORDS * 4,
    completionBytes: SCSI_COMPLETION_BYTES,
  };
  return {
    name: "extended-copy",
    layout,
    open(memory: QueueMemory, devicesMax: number): CommandEncoder {
      return new ExtendedCopyEncoder(memory, devicesMax, commands, header, identifiers);
    },
  };
}
