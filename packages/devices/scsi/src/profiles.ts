import type { ExtendedCopyOptions, TokenCopyOptions } from "./command-options.ts";

export type ScsiProfileName = "standard" | "lio" | "scst" | "ctl" | "vmware-vaai" | "windows-odx";

/** Limits that hold whatever the device says. Bytes, so that they hold for all block sizes. */
export interface ProfileLimits {
  readonly cscdsMax?: number;
  readonly segmentsMax?: number;
  readonly segmentBytesMax?: number;
  readonly tokenRangesMax?: number;
  /** Of one token. */
  readonly tokenBytesMax?: number;
  /** Tokens are as large as the device's OPTIMAL TRANSFER COUNT, or as this where it gives none. */
  readonly tokenBytesOptimalDefault?: number;
}

/** A target, or an initiator, whose way of copying is known. */
export interface ScsiProfile {
  readonly name: ScsiProfileName;
  /** How commands are adapted to it. */
  readonly extendedCopy: ExtendedCopyOptions;
  readonly tokenCopy: TokenCopyOptions;
  readonly limits: ProfileLimits;
  /** Designators that name a unit in a copy command. */
  readonly designators: "all" | "naa-6";
  /** What it does otherwise than the standard, or leaves out, one sentence each. */
  readonly deviations: readonly string[];
}

const KIB = 1024;
const MIB = 1024 * KIB;

const standard: ScsiProfile = {
  name: "standard",
  extendedCopy: {},
  tokenCopy: {},
  limits: {},
  designators: "all",
  deviations: [],
};

/**
 * Known targets and initiators. Read in the sources of Linux 6.1 (target_core_xcopy.c), SCST, FreeBSD (ctl_tpc.c), and
 * measured on Linux 6.1; the initiators by VMware's and Microsoft's documents and by traces.
 */
export const scsiProfiles: Readonly<Record<ScsiProfileName, ScsiProfile>> = {
  standard,
  lio: {
    ...standard,
    name: "lio",
    extendedCopy: {
      listFormat: "lid1",
      listIdUsage: "none",
      trustSegmentsDone: false,
      senseMeanings: [
        // Any failure of a read or write, and an unknown designator.
        { senseKey: 0xa, asc: 0x0d, ascq: 0x02, status: "deviceError" },
        // Source and destination have blocks of different sizes.
        { senseKey: 0x2, asc: 0x08, ascq: 0x00, status: "incompatible" },
      ],
    },
    limits: { cscdsMax: 2, segmentsMax: 1 },
    designators: "naa-6",
    deviations: [
      "takes one segment and two CSCD descriptors in a command",
      "names units by the first 25 hexadecimal digits of their serial numbers: units that share them are one to it, and it copies to the wrong one with GOOD status",
      "says of every failing read or write that a device is not reachable (0Dh/02h), without the segment or a field",
      "says NOT READY, communication failure (08h/00h) where block sizes differ",
      "has neither the Third-party Copy page nor status nor failure details",
      "pays no attention to list identifiers",
      "lets an initiator copy only between units that are mapped to it",
    ],
  },
  scst: {
    ...standard,
    name: "scst",
    extendedCopy: {
      listFormat: "lid1",
      listIdUsage: "discard",
      // A bad CSCD descriptor ID, a bad segment length, a destination that is write protected.
      senseMeanings: [{ senseKey: 0xa, asc: 0x00, ascq: 0x00, status: "invalid" }],
    },
    limits: { cscdsMax: 5, segmentsMax: 286 },
    deviations: [
      "takes five CSCD descriptors, and as many segments as fit into 8 KiB",
      "says of a bad index, a bad length and a write protected destination no more than COPY ABORTED (00h/00h)",
      "advertises a granularity of 64 KiB and does not enforce it",
      "has no Third-party Copy page",
      "forgets results after five seconds",
    ],
  },
  ctl: {
    ...standard,
    name: "ctl",
    extendedCopy: { listFormat: "lid1" },
    limits: { cscdsMax: 64, segmentsMax: 9, tokenRangesMax: 64 },
    deviations: [
      "advertises 64 segments and takes 256 bytes of them, which is nine",
      "reads the data of a token when it is written: tokens are no snapshots",
      "says of every bad token that it is unknown (23h/04h)",
      "says INVALID FIELD IN PARAMETER LIST (26h/00h) for a list identifier in use",
      "gives up the results of a copy once they are fetched, else after a minute",
      "reports an address behind the end as a failing device (0Dh/01h)",
    ],
  },
  "vmware-vaai": {
    ...standard,
    name: "vmware-vaai",
    extendedCopy: { listFormat: "lid1", listIdUsage: "discard", priority: 0 },
    limits: { cscdsMax: 2, segmentsMax: 1, segmentBytesMax: 4 * MIB },
    deviations: [
      "sends one segment of 4 MiB with two CSCD descriptors in a command",
      "copies through the host where block sizes differ, where the source has a snapshot, or where a disk is thin and the other is not",
    ],
  },
  "windows-odx": {
    ...standard,
    name: "windows-odx",
    tokenCopy: { immediate: false, stalledPollsMax: 4, deleteTokens: false },
    limits: {
      tokenRangesMax: 64,
      tokenBytesMax: 256 * MIB,
      tokenBytesOptimalDefault: 64 * MIB,
    },
    deviations: [
      "sends at most 64 ranges, and as many blocks as the device's optimal transfer count, 64 MiB where it has none, at most 256 MiB",
      "waits for each command, at most four seconds",
      "gives up after four answers without progress, and offers the pair of units no copy for three minutes",
      "never offloads files below 256 KiB",
    ],
  },
};

/** The profile that a target's INQUIRY data tells. */
export function recogniseProfile(inquiry: {
  readonly vendor: string;
  readonly product: string;
}): ScsiProfile {
  const vendor = inquiry.vendor.trim();
  const product = inquiry.product.trim();
  if (vendor === "LIO-ORG") return scsiProfiles.lio;
  if (vendor.startsWith("SCST_")) return scsiProfiles.scst;
  if (vendor === "FREEBSD" && product === "CTLDISK") return scsiProfiles.ctl;
  return standard;
}
