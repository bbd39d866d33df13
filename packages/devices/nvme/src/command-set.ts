import type { CommandEncoder, CommandSet, QueueLayout, QueueMemory } from "@blockferry/core";
import type { NvmeCommandOptions } from "./command-options.ts";
import { LIST_TRAILER_WORDS, NvmeEncoder } from "./encoder.ts";
import { CQE_BYTES, SQE_BYTES } from "./queue-entry.ts";

/** Bytes of the longest range list: 256 entries of 40 bytes (NVM Command Set Specification 1.2, Figures 33 and 40). */
export const RANGE_LIST_BYTES_MAX: number = 256 * 40;
/** Lists of neighbouring slots keep off each other's cache sets by one line, which also holds their trailer. */
const LINE_BYTES = 64;

export interface NvmeCommandSetOptions extends NvmeCommandOptions {
  /** Room for the range list of one command, bytes; default the longest that there is. */
  readonly listBytesMax?: number | undefined;
}

/**
 * The NVM command set: Copy in source range formats 0h to 3h, Read, Write, Flush. Pure; nothing in it allocates per
 * command.
 *
 * @throws RangeError when an option is out of range.
 */
export function nvmeCommandSet(options: NvmeCommandSetOptions = {}): CommandSet {
  const { listBytesMax = RANGE_LIST_BYTES_MAX, ...commands } = options;
  if (!Number.isInteger(listBytesMax) || listBytesMax < 32 || listBytesMax > RANGE_LIST_BYTES_MAX) {
    throw new RangeError(`listBytesMax must be 32..${RANGE_LIST_BYTES_MAX}, not ${listBytesMax}`);
  }
  const layout: QueueLayout = {
    commandBytes: SQE_BYTES,
    listBytes: Math.ceil(listBytesMax / LINE_BYTES) * LINE_BYTES + LIST_TRAILER_WORDS * 4,
    completionBytes: CQE_BYTES,
  };
  return {
    name: "nvme",
    layout,
    open(memory: QueueMemory, devicesMax: number): CommandEncoder {
      return new NvmeEncoder(memory, devicesMax, commands);
    },
  };
}
