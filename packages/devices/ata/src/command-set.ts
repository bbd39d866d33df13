import type { CommandEncoder, CommandSet, QueueLayout, QueueMemory } from "@blockferry/core";
import { defaultProfile } from "./codec/write-gathered/built-in-profiles.ts";
import { parseProfile } from "./codec/write-gathered/check-profile.ts";
import { gatheredListBytes } from "./codec/write-gathered/list.ts";
import type { AtaCommandOptions } from "./command-options.ts";
import { AtaEncoder } from "./encoder.ts";
import { COMMAND_WORDS, COMPLETION_WORDS, listTrailer } from "./queue-memory.ts";

/** Lists of neighbouring slots keep off each other's cache lines. */
const LINE_BYTES = 64;

export interface AtaCommandSetOptions extends AtaCommandOptions {}

/**
 * ATA: READ and WRITE DMA EXT, FLUSH CACHE EXT, and WRITE GATHERED EXT by a profile (default `acs6-provisional-66`). To a
 * disk that is not emulated the latter goes only by the caller's own profile and with `allowProvisional`.
 *
 * @throws FerryError `FERRY_ATA_PROFILE` for a profile that is none.
 */
export function ataCommandSet(options: AtaCommandSetOptions = {}): CommandSet {
  const profile = options.profile === undefined ? defaultProfile : parseProfile(options.profile);
  const listBytes = gatheredListBytes(profile, profile.limits.entries);
  const layout: QueueLayout = {
    commandBytes: COMMAND_WORDS * 4,
    listBytes: Math.ceil(listBytes / LINE_BYTES) * LINE_BYTES + listTrailer.words * 4,
    completionBytes: COMPLETION_WORDS * 4,
  };
  return {
    name: "ata",
    layout,
    open(memory: QueueMemory, devicesMax: number): CommandEncoder {
      return new AtaEncoder(memory, devicesMax, profile, options);
    },
  };
}
