import { tagByteOrders } from "../codec/tag-byte-order.ts";
import type { PeerBehaviour, Validation } from "./peer.ts";
import { DNR, sc } from "./status.ts";

/** What the standard says, checked before any byte moves (NVM Command Set Specification 1.2, section 3.3.2). */
const ideal: PeerBehaviour = {
  name: "ideal",
  validate: "upfront",
  formats: [0, 1, 2, 3],
  limits: {},
  headChecks: ["descriptorFormat", "guardFormat", "prinfoAction", "listLength", "rangeCount"],
  listChecks: [
    "rangeLengths",
    "copyLength",
    "writeProtection",
    "destinationRange",
    "writeProtectionInformation",
  ],
  rangeChecks: [
    "sourceNamespace",
    "namespaceFormat",
    "sourceRange",
    "overlap",
    "fastCopy",
    "readProtectionInformation",
  ],
  guardFormatStatus: sc.invalidNamespace | DNR,
  prinfoActionOf: "first-range",
  rangeStatus: sc.lbaOutOfRange | DNR,
  mssrlOf: "destination",
  rangesDone: "range",
  rereadsForeignSource: false,
  fused: "refuse",
  honoursFastCopyOnly: true,
  tagByteOrder: tagByteOrders.standard,
};

/** What the standard says, each range checked only when its turn comes. */
const idealEager: PeerBehaviour = {
  ...ideal,
  validate: "eager",
  listChecks: ["writeProtection", "writeProtectionInformation"],
  rangeChecks: [
    "sourceNamespace",
    "rangeLength",
    "runningLength",
    "namespaceFormat",
    "sourceRange",
    "overlap",
    "fastCopy",
    "readProtectionInformation",
    "destinationPart",
  ],
};

/**
 * hw/nvme/ctrl.c of QEMU 10.0: each range is checked when its turn comes; the overlap test only sees a source whose end
 * lies strictly inside the destination; MSSRL is taken from the source namespace; Fast Copy Only is not looked at.
 */
const qemu10: PeerBehaviour = {
  ...ideal,
  name: "qemu-10",
  identity: { modelNumber: "QEMU NVMe Ctrl", firmwareRevision: "10.0.2" },
  validate: "eager",
  limits: { mssrl: 128, mcl: 128, msrc: 127 },
  headChecks: ["descriptorFormat", "rangeCount", "guardFormat"],
  listChecks: ["copyLength"],
  rangeChecks: [
    "sourceNamespace",
    "overlapByEnd",
    "namespaceFormat",
    "rangeLength",
    "sourceRange",
    "readProtectionInformation",
    "destinationPart",
  ],
  guardFormatStatus: sc.invalidFormat | DNR,
  prinfoActionOf: "own-namespace",
  mssrlOf: "source",
  honoursFastCopyOnly: false,
  tagByteOrder: tagByteOrders.qemu,
};

/**
 * hw/nvme/ctrl.c of QEMU 7.2: formats 0 and 1 only, MCL not enforced, and every failure of a range reported as Internal
 * Error without Do Not Retry.
 */
const qemu72: PeerBehaviour = {
  ...qemu10,
  name: "qemu-7.2",
  identity: { modelNumber: "QEMU NVMe Ctrl", firmwareRevision: "7.2.22" },
  formats: [0, 1],
  headChecks: ["prinfoAction", "descriptorFormat", "rangeCount", "guardFormat"],
  listChecks: [],
  rangeChecks: [
    "sourceNamespace",
    "rangeLength",
    "sourceRange",
    "readProtectionInformation",
    "destinationPart",
  ],
  anyRangeStatus: sc.internalError,
};

/**
 * The NVMe-oF target of SPDK 26.09-pre: one range of format 0, no status but Internal Error for an address behind the
 * end, no number of ranges done.
 */
const spdk: PeerBehaviour = {
  ...ideal,
  name: "spdk",
  identity: { modelNumber: "SPDK bdev Controller", firmwareRevision: "26.09" },
  formats: [0],
  limits: { mssrl: 65535, mcl: 65535, msrc: 0 },
  headChecks: ["listLength", "rangeCount", "descriptorFormat"],
  listChecks: ["destinationRange"],
  rangeChecks: ["sourceNamespace", "sourceRange"],
  rangeStatus: sc.internalError,
  rangesDone: "zero",
  fused: "lose",
  honoursFastCopyOnly: false,
};

/** Names of the controllers whose documented behaviour the model can show. */
export type PeerName = "ideal" | "qemu-7.2" | "qemu-10" | "spdk";

export const peers: Readonly<Record<PeerName, PeerBehaviour>> = {
  ideal,
  "qemu-7.2": qemu72,
  "qemu-10": qemu10,
  spdk,
};

/** The peer of that name, or the given one, with the validation asked for. */
export function peerOf(
  peer: PeerName | PeerBehaviour = "ideal",
  validate?: Validation,
): PeerBehaviour {
  const found = typeof peer === "string" ? peers[peer] : peer;
  if (found === undefined) {
    throw new RangeError(
      `peer must be one of ${Object.keys(peers).join(", ")}, not ${String(peer)}`,
    );
  }
  if (validate === undefined || validate === found.validate) return found;
  if (validate !== "upfront" && validate !== "eager") {
    throw new RangeError(`validate must be upfront or eager, not ${String(validate)}`);
  }
  if (found === ideal) return idealEager;
  return { ...found, validate };
}
