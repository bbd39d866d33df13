import type { CommandEncoder, CommandSet, QueueLayout, QueueMemory } from "@blockferry/core";
import { checkWhole } from "./block-commands.ts";
import { SCSI_COMMAND_BYTES, SCSI_COMPLETION_BYTES } from "./codec/scsi-command-record.ts";
import type { TokenCopyOptions } from "./command-options.ts";
import { listIdentifierSpace } from "./list-identifiers.ts";
import { TokenCopyEncoder } from "./token-copy-encoder.ts";
import { POPULATE_RANGES_MAX, populateListBytes, WRITE_LIST_BYTES } from "./token-list.ts";
import { tokenCopySettings } from "./token-settings.ts";
import { TOKEN_TRAILER_BYTES } from "./token-slots.ts";

const LINE_BYTES = 64;

export interface TokenCopyCommandSetOptions extends TokenCopyOptions {
  /** Room for the range descriptors of one token. Default and most: 4096, what its length field can say. */
  readonly rangesMax?: number | undefined;
}

/**
 * POPULATE TOKEN and WRITE USING TOKEN, READ(16), WRITE(16) and SYNCHRONIZE CACHE(16) for the logical units of one target.
 * Pure; nothing in it allocates per command, but where a command fails.
 *
 * @throws RangeError when an option is out of range.
 */
export function tokenCopyCommandSet(options: TokenCopyCommandSetOptions = {}): CommandSet {
  const { rangesMax = POPULATE_RANGES_MAX, ...commands } = options;
  checkWhole("rangesMax", rangesMax, 1, POPULATE_RANGES_MAX);
  const settings = tokenCopySettings(commands);
  const identifiers = listIdentifierSpace(32);
  const lists = Math.max(populateListBytes(rangesMax), WRITE_LIST_BYTES);
  const layout: QueueLayout = {
    commandBytes: SCSI_COMMAND_BYTES,
    listBytes: Math.ceil((lists + TOKEN_TRAILER_BYTES) / LINE_BYTES) * LINE_BYTES,
    completionBytes: SCSI_COMPLETION_BYTES,
  };
  return {
    name: "token-copy",
    layout,
    open(memory: QueueMemory, devicesMax: number): CommandEncoder {
      return new TokenCopyEncoder(memory, devicesMax, settings, identifiers);
    },
  };
}
