import { type AnyStructure, type Infer, type Structure, structure } from "@blockferry/core/bytes";

/*
 * Formats 0h and 2h, 32 bytes, for a 16b guard or none. Formats 1h and 3h, 40 bytes, for a 32b or
 * 64b guard. SNSID and SOPT exist in 2h and 3h; 0h and 1h copy within the destination's namespace.
 *
 *          0h       2h       | 1h       3h
 *   3:0    rsvd     snsid    | rsvd     snsid
 *   7:4          rsvd        |       rsvd
 *  15:8          slba        |       slba
 *  17:16         nlb         |       nlb
 *  19:18     rsvd, cetype    |   rsvd, cetype
 *  21:20         cev         |       cev
 *  23:22   rsvd     sopt     | rsvd     sopt
 *  27:24         elbt        |  25:24   rsvd
 *  29:28         elbat       |  35:26   elbt
 *  31:30         elbatm      |  37:36   elbat
 *                            |  39:38   elbatm
 */

/** Fields at the same place in every format. */
const common = {
  fields: [
    { at: "bytes 07:04", kind: "reserved" },
    { name: "slba", at: "bytes 15:08", kind: "uint", meaning: "Starting LBA" },
    { name: "nlb", at: "bytes 17:16", kind: "zeroBased", meaning: "Number of Logical Blocks" },
    { name: "cetype", at: "bytes 19:18[3:0]", kind: "uint", meaning: "Command Extension Type" },
    { at: "bytes 19:18[15:4]", kind: "reserved" },
    { name: "cev", at: "bytes 21:20", kind: "uint", meaning: "Command Extension Value" },
  ],
} as const;

const layout0 = {
  name: "Source Range entry 0h",
  bytes: 32,
  endian: "little",
  source: "NVM Command Set 1.2, Figure 39",
  base: common as typeof common,
  fields: [
    { at: "bytes 03:00", kind: "reserved" },
    { at: "bytes 23:22", kind: "reserved" },
    { name: "elbt", at: "bytes 27:24", kind: "uint", meaning: "Expected Logical Block Tags" },
    { name: "elbat", at: "bytes 29:28", kind: "uint", meaning: "Expected Application Tag" },
    { name: "elbatm", at: "bytes 31:30", kind: "uint", meaning: "Expected Application Tag Mask" },
  ],
} as const;

const layout1 = {
  name: "Source Range entry 1h",
  bytes: 40,
  endian: "little",
  source: "NVM Command Set 1.2, Figure 40",
  base: common as typeof common,
  fields: [
    { at: "bytes 03:00", kind: "reserved" },
    { at: "bytes 25:22", kind: "reserved" },
    { name: "elbt", at: "bytes 35:26", kind: "wide", meaning: "Expected Logical Block Tags" },
    { name: "elbat", at: "bytes 37:36", kind: "uint", meaning: "Expected Application Tag" },
    { name: "elbatm", at: "bytes 39:38", kind: "uint", meaning: "Expected Application Tag Mask" },
  ],
} as const;

const layout2 = {
  name: "Source Range entry 2h",
  bytes: 32,
  endian: "little",
  source: "NVM Command Set 1.2, Figure 39",
  base: common as typeof common,
  fields: [
    { name: "snsid", at: "bytes 03:00", kind: "uint", meaning: "Source Namespace Identifier" },
    { at: "bytes 23:22[14:0]", kind: "reserved" },
    { name: "fco", at: "bytes 23:22[15]", kind: "flag", meaning: "Fast Copy Only (of SOPT)" },
    { name: "elbt", at: "bytes 27:24", kind: "uint", meaning: "Expected Logical Block Tags" },
    { name: "elbat", at: "bytes 29:28", kind: "uint", meaning: "Expected Application Tag" },
    { name: "elbatm", at: "bytes 31:30", kind: "uint", meaning: "Expected Application Tag Mask" },
  ],
} as const;

const layout3 = {
  name: "Source Range entry 3h",
  bytes: 40,
  endian: "little",
  source: "NVM Command Set 1.2, Figure 40",
  base: common as typeof common,
  fields: [
    { name: "snsid", at: "bytes 03:00", kind: "uint", meaning: "Source Namespace Identifier" },
    { at: "bytes 23:22[14:0]", kind: "reserved" },
    { name: "fco", at: "bytes 23:22[15]", kind: "flag", meaning: "Fast Copy Only (of SOPT)" },
    { at: "bytes 25:24", kind: "reserved" },
    { name: "elbt", at: "bytes 35:26", kind: "wide", meaning: "Expected Logical Block Tags" },
    { name: "elbat", at: "bytes 37:36", kind: "uint", meaning: "Expected Application Tag" },
    { name: "elbatm", at: "bytes 39:38", kind: "uint", meaning: "Expected Application Tag Mask" },
  ],
} as const;

/** Source Range entry of Copy descriptor format 0h: same namespace, 16b guard or none. */
export const sourceRange0: Structure<typeof layout0> = structure(layout0);
/** Source Range entry of Copy descriptor format 1h: same namespace, 32b or 64b guard. */
export const sourceRange1: Structure<typeof layout1> = structure(layout1);
/** Source Range entry of Copy descriptor format 2h: any namespace, 16b guard or none. */
export const sourceRange2: Structure<typeof layout2> = structure(layout2);
/** Source Range entry of Copy descriptor format 3h: any namespace, 32b or 64b guard. */
export const sourceRange3: Structure<typeof layout3> = structure(layout3);

export type SourceRange0 = Infer<typeof sourceRange0>;
export type SourceRange1 = Infer<typeof sourceRange1>;
export type SourceRange2 = Infer<typeof sourceRange2>;
export type SourceRange3 = Infer<typeof sourceRange3>;

/** Copy descriptor formats whose entries this package encodes. */
export type SourceRangeFormat = 0 | 1 | 2 | 3;

const structures: Readonly<Record<SourceRangeFormat, AnyStructure>> = {
  0: sourceRange0,
  1: sourceRange1,
  2: sourceRange2,
  3: sourceRange3,
};

/**
 * The entry structure of a Copy descriptor format.
 * @throws RangeError for format 4h, whose entries the Subsystem Local Memory Command Set defines,
 * and for formats that are reserved.
 */
export function sourceRangeStructure(format: number): AnyStructure {
  if (Object.hasOwn(structures, format)) return structures[format as SourceRangeFormat];
  const why =
    format === 4
      ? "its entries are bytes of subsystem local memory, not logical blocks"
      : "the standard reserves it";
  throw new RangeError(`Copy descriptor format ${format}h is not supported: ${why}`);
}

/**
 * The format that a list of source range entries is most likely in, by its length and by which
 * tables accept its bytes; undefined if no format does. A list that fits several is the simplest.
 */
export function guessSourceRangeFormat(bytes: Uint8Array): SourceRangeFormat | undefined {
  const fits = ([, entry]: readonly [SourceRangeFormat, AnyStructure]): boolean => {
    if (bytes.length === 0 || bytes.length % entry.size !== 0) return false;
    for (let at = 0; at < bytes.length; at += entry.size) {
      if (!entry.decode(bytes, at).ok) return false;
    }
    return true;
  };
  const candidates = ([0, 2, 1, 3] as const).map((format) => [format, structures[format]] as const);
  return candidates.find(fits)?.[0];
}
