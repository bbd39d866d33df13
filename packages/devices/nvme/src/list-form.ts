import { FerryError } from "@blockferry/core";
import type { RangeLayout } from "@blockferry/core/plan";
import { sourceRange0, sourceRange2 } from "./codec/source-range.ts";

/** Words of the two kinds of entries (NVM Command Set Specification 1.2, Figures 39 and 40). */
export const SHORT_ENTRY_WORDS = 8;
const LONG_ENTRY_WORDS = 10;
const ADDRESS_WORD = sourceRange0.field("slba").dword;
const BLOCKS_WORD = sourceRange0.field("nlb").dword;
const SOURCE_WORD = sourceRange2.field("snsid").dword;
const OPTIONS_WORD = sourceRange2.field("fco").dword;
const FAST_COPY_ONLY = 1 << (sourceRange2.field("fco").shift as number);

/** One way to write the range list of a copy. */
export interface ListForm {
  /** Equal for forms that prepare command and list in the same way; 1 or more. */
  readonly number: number;
  /** CDW12 without NR. */
  readonly cdw12: number;
  readonly layout: RangeLayout;
  readonly entryWords: number;
  readonly entryBytes: number;
  /** True: entries name their source namespace (formats 2h and 3h). */
  readonly namesSources: boolean;
  /** Submission queue entry, all words that no copy changes. */
  readonly command: Int32Array;
  /** Words of an entry that no range changes. */
  readonly entry: Int32Array;
}

export interface ListFormOptions {
  /** Submission queue entry, all words that no copy changes. */
  readonly command: Int32Array;
  /** DESFMT, 0 to 3. */
  readonly descriptorFormat: number;
  /** CDW12 without NR and DESFMT. */
  readonly cdw12: number;
  readonly fastCopyOnly: boolean;
  /** ELBAT and ELBATM. */
  readonly applicationTags: number;
  /** Gives equal keys equal numbers. */
  readonly numberOf: (key: string) => number;
}

/**
 * Prepares the list form of a descriptor format.
 * @throws FerryError `FERRY_NVME_FAST_COPY`
 */
export function listForm(options: ListFormOptions): ListForm {
  const { command, descriptorFormat, cdw12, fastCopyOnly, applicationTags, numberOf } = options;
  const namesSources = descriptorFormat >= 2;
  if (fastCopyOnly && !namesSources) {
    throw new FerryError(
      "FERRY_NVME_FAST_COPY",
      `fast copy only is a bit of source range formats 2h and 3h; here there is only ${descriptorFormat}h`,
      { hint: "Leave fastCopyOnly out, or use a controller with format 2h or 3h enabled." },
    );
  }
  const isShort = descriptorFormat === 0 || descriptorFormat === 2;
  const entryWords = isShort ? SHORT_ENTRY_WORDS : LONG_ENTRY_WORDS;
  const entry = new Int32Array(entryWords);
  entry[entryWords - 1] = applicationTags;
  if (fastCopyOnly) entry[OPTIONS_WORD] = FAST_COPY_ONLY;
  return {
    number: numberOf([descriptorFormat, ...command, ...entry].join()),
    cdw12: cdw12 | (descriptorFormat << 8),
    layout: {
      entryWords,
      deviceWord: namesSources ? SOURCE_WORD : -1,
      lowWord: ADDRESS_WORD,
      highWord: ADDRESS_WORD + 1,
      blocksWord: BLOCKS_WORD,
      blocksBias: -1,
    },
    entryWords,
    entryBytes: entryWords * 4,
    namesSources,
    command,
    entry,
  };
}
