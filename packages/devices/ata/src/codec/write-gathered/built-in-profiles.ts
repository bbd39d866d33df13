import { opcode } from "../commands.ts";
import { LIST_PAGE_BYTES } from "../data-set-management.ts";
import type { WriteGatheredProfile } from "./profile.ts";

const note66 =
  "no public text defines WRITE GATHERED EXT: operation code 66h and the queued form are those of Western Digital's " +
  "ptio (2024), that the transport tells the list's length is from a public SAT library; list, limits and errors are " +
  "modelled on DATA SET MANAGEMENT and not confirmed by anything";

const note68 =
  "no public text defines WRITE GATHERED EXT: operation code 68h is that of Seagate's opensea-transport (2025); all " +
  "else is as in acs6-provisional-66 and not confirmed by anything";

const provisional66: WriteGatheredProfile = {
  id: "acs6-provisional-66",
  provenance: "secondary",
  note: note66,
  command: 0x66,
  registers: { count: "pages", feature: "reserved" },
  queued: { command: opcode.sendFpdmaQueued, subcommand: 0x05, auxiliary: 0 },
  satTransferLength: "transport",
  list: {
    pageBytes: LIST_PAGE_BYTES,
    endian: "little",
    header: null,
    entry: { bytes: 8, lba: { byte: 0, bytes: 6 }, blocks: { byte: 6, bytes: 2 } },
    zeroBlocks: "skip",
  },
  limits: { entries: 64, blocksPerEntry: 65_535, blocks: 64 * 65_535 },
  capability: null,
  errors: { badRange: "IDNF", overlap: "abort", afterError: "prefix", lba: "source" },
};

/** The profiles that come with this package. None rests on the text of a standard. */
export const writeGatheredProfiles: Readonly<Record<string, WriteGatheredProfile>> = {
  "acs6-provisional-66": provisional66,
  "acs6-provisional-68": {
    ...provisional66,
    id: "acs6-provisional-68",
    note: note68,
    command: 0x68,
  },
};

/** The profile that is used where none is named. */
export const defaultProfile: WriteGatheredProfile = provisional66;

/**
 * A profile by its name.
 * @throws RangeError for a name that is none, naming those that are.
 */
export function writeGatheredProfile(id: string): WriteGatheredProfile {
  if (Object.hasOwn(writeGatheredProfiles, id)) return writeGatheredProfiles[id];
  const known = Object.keys(writeGatheredProfiles).join(", ");
  throw new RangeError(`there is no profile ${JSON.stringify(id)}; there are ${known}`);
}

/** True for a profile that came with this package, and for copies of one. */
export function isBuiltInProfile(profile: WriteGatheredProfile): boolean {
  if (!Object.hasOwn(writeGatheredProfiles, profile.id)) return false;
  const own = writeGatheredProfiles[profile.id];
  return own === profile || JSON.stringify(own) === JSON.stringify(profile);
}
