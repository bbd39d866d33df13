import { referenceTagIsLba, type TagSpace } from "../codec/protection/index.ts";
import { commandTagSpace, entryTagSpace } from "./command-tags.ts";
import type { Command, Controller } from "./controller.ts";
import { type CopyJob, isCrossNamespace, isWideFormat, WIDE_ENTRY_BYTES } from "./copy-job.ts";
import { isOutOfRange, type Namespace, touchesReadonlyRange } from "./namespace.ts";
import type { HeadCheck, ListCheck, PeerBehaviour, RangeCheck } from "./peer.ts";
import { checksReference, hasAction } from "./prinfo.ts";
import { DNR, type StatusCode, sc } from "./status.ts";

/** A check of a Copy command. Returns the status to refuse with, 0 if there is nothing to refuse. */
export type CheckOfCommand = (controller: Controller, command: Command, job: CopyJob) => StatusCode;

export type CheckOfRange = (
  controller: Controller,
  command: Command,
  job: CopyJob,
  range: number,
  /** Where this range's blocks go. */
  destinationLba: number,
) => StatusCode;

export interface CopyChecks {
  readonly head: readonly CheckOfCommand[];
  readonly list: readonly CheckOfCommand[];
  readonly range: readonly CheckOfRange[];
}

const refuse = (isWrong: boolean, status: StatusCode): StatusCode => (isWrong ? status : 0);

/** Checks before the list, each after a sentence of NVM Command Set Specification 1.2, section 3.3.2. */
const headChecks: Readonly<Record<HeadCheck, CheckOfCommand>> = {
  // "If the Descriptor Format field specifies a format that is not supported, or that the host has not enabled in the
  // Host Behavior Support feature, … Invalid Field in Command."
  descriptorFormat: ({ formats, features }, _, { format }) =>
    refuse(
      !formats.includes(format) ||
        (isCrossNamespace(format) && !features.isCopyFormatEnabled(format)),
      sc.invalidField | DNR,
    ),
  // "… formatted to use 16b Guard Protection Information (or none) and the Descriptor Format is not 0h or 2h …; 32b or
  // 64b Guard … not 1h or 3h …: Invalid Namespace or Format."
  guardFormat: ({ peer }, _, { destination, format }) => {
    const isWideGuard = (destination.protection?.guardBits ?? 16) !== 16;
    return refuse(isWideGuard !== isWideFormat(format), peer.guardFormatStatus);
  },
  // "If … PRINFOR.PRACT and PRINFOW.PRACT are not the same value, … Invalid Field in Command" (formats 0h and 1h, with
  // protection information).
  prinfoAction: (_, __, { destination, format, prinfor, prinfow }) =>
    refuse(
      !isCrossNamespace(format) &&
        destination.protection !== undefined &&
        hasAction(prinfor) !== hasAction(prinfow),
      sc.invalidField | DNR,
    ),
  // "If the number of Source Range entries is greater than … MSRC, … Command Size Limit Exceeded."
  rangeCount: (_, __, { destination, ranges }) =>
    refuse(ranges > destination.limits.msrc + 1, sc.commandSizeLimit | DNR),
  // NVM Express Base 2.1, Figure 102: "Data SGL Length Invalid".
  listLength: (_, { dataOut }, { ranges, entryBytes }) =>
    refuse((dataOut?.length ?? 0) !== ranges * entryBytes, sc.dataLength | DNR),
};

/** Checks of the list as a whole. */
const listChecks: Readonly<Record<ListCheck, CheckOfCommand>> = {
  // "If … Number of Logical Blocks … of a Source Range entry is greater than … MSSRL, … Command Size Limit Exceeded."
  rangeLengths: (_, __, { destination, ranges, blocks }) => {
    for (let range = 0; range < ranges; range += 1) {
      if (blocks[range] > destination.limits.mssrl) return sc.commandSizeLimit | DNR;
    }
    return 0;
  },
  // "If the sum of all Number of Logical Blocks fields … is greater than … MCL, … Command Size Limit Exceeded."
  copyLength: (_, __, { destination, totalBlocks }) =>
    refuse(totalBlocks > destination.limits.mcl, sc.commandSizeLimit | DNR),
  // NVM Express Base 2.1, Figure 102 "Namespace is Write Protected"; NVM Command Set 1.2 "Attempted Write to Read Only
  // Range".
  writeProtection: (_, __, { destination, sdlba, totalBlocks }) => {
    if (destination.readonly) return sc.namespaceWriteProtected | DNR;
    return refuse(touchesReadonlyRange(destination, sdlba, totalBlocks), sc.readOnlyRange | DNR);
  },
  destinationRange: ({ peer }, _, { destination, sdlba, totalBlocks }) =>
    refuse(isOutOfRange(destination, sdlba, totalBlocks), peer.rangeStatus),
  writeProtectionInformation: (_, command, job) => {
    const { protection } = job.destination;
    if (protection === undefined || !checksReference(job.prinfow)) return 0;
    // "Invalid Protection Information": reference tag checks do not go with type 3, and with type 1 the initial tag is
    // the low part of the address.
    const isWrong =
      protection.type === 3 ||
      (protection.type === 1 &&
        !referenceTagIsLba(protection, commandTagSpace(protection, command.words), job.sdlba));
    return refuse(isWrong, sc.invalidProtectionInformation | DNR);
  },
};

/**
 * "If … PRINFOR.PRACT and PRINFOW.PRACT are not the same value, … Invalid Field in Command": said of the namespace of
 * source range 0 where both ends have protection information. QEMU says it of the destination's own namespace.
 */
function actionStatus({ peer }: Controller, job: CopyJob, range: number): StatusCode {
  const isField =
    peer.prinfoActionOf === "first-range" ? range === 0 : job.snsid[range] === job.destination.nsid;
  return (isField ? sc.invalidField : sc.incompatibleFormat) | DNR;
}

/** True if both namespaces are formatted alike. */
function isSameFormat(source: Namespace, destination: Namespace): boolean {
  const from = source.protection;
  const to = destination.protection;
  return (
    source.metadataBytes === destination.metadataBytes &&
    from?.type === to?.type &&
    from?.guardBits === to?.guardBits &&
    from?.storageTagBits === to?.storageTagBits &&
    from?.first === to?.first
  );
}

/** True if protection information can be inserted or stripped: the metadata is that and nothing else. */
function isCorrespondingFormat(source: Namespace, destination: Namespace, job: CopyJob): boolean {
  return destination.protection !== undefined
    ? hasAction(job.prinfow) &&
        source.metadataBytes === 0 &&
        destination.metadataBytes === destination.protection.bytes
    : hasAction(job.prinfor) &&
        destination.metadataBytes === 0 &&
        source.metadataBytes === source.protection?.bytes;
}

/** True if nothing but a store's own copy is needed. */
function isFastPath(controller: Controller, source: Namespace, job: CopyJob): boolean {
  const { destination } = job;
  if (controller.fastCopy !== "same-store") return controller.fastCopy === "always";
  return (
    source.store === destination.store &&
    source.protection === undefined &&
    destination.protection === undefined
  );
}

/** Checks of one source range. */
const rangeChecks: Readonly<Record<RangeCheck, CheckOfRange>> = {
  // "If the SNSID field … is 0h, FFFFFFFFh, or an invalid NSID, … Invalid Namespace or Format … an inactive NSID, …
  // Invalid Field in Command."
  sourceNamespace: ({ namespaces }, _, { snsid, sources }, range) => {
    if (sources[range] !== undefined) return 0;
    const nsid = snsid[range];
    return nsid === 0 || nsid >= namespaces.length
      ? sc.invalidNamespace | DNR
      : sc.invalidField | DNR;
  },
  rangeLength: ({ peer }, _, { sources, destination, blocks }, range) => {
    const namespace = peer.mssrlOf === "source" ? (sources[range] as Namespace) : destination;
    return refuse(blocks[range] > namespace.limits.mssrl, sc.commandSizeLimit | DNR);
  },
  // MCL, seen when the sum passes it.
  runningLength: (_, __, { destination, moved, blocks }, range) =>
    refuse(moved + blocks[range] > destination.limits.mcl, sc.commandSizeLimit | DNR),
  // "If the formats do not match (or, with protection information at one end only, do not correspond), … Incompatible
  // Namespace or Format."
  namespaceFormat: (controller, _, job, range) => {
    const { destination } = job;
    const source = job.sources[range] as Namespace;
    const both = source.protection !== undefined && destination.protection !== undefined;
    if (both && hasAction(job.prinfor) !== hasAction(job.prinfow)) {
      return actionStatus(controller, job, range);
    }
    const isOneSided = (source.protection === undefined) !== (destination.protection === undefined);
    const fits = isOneSided
      ? isCorrespondingFormat(source, destination, job)
      : isSameFormat(source, destination);
    return refuse(
      !fits || source.bytesPerBlock !== destination.bytesPerBlock,
      sc.incompatibleFormat | DNR,
    );
  },
  sourceRange: ({ peer }, _, { sources, lba, blocks }, range) =>
    refuse(isOutOfRange(sources[range] as Namespace, lba[range], blocks[range]), peer.rangeStatus),
  // "If the Descriptor Format is 2h or 3h and … a source range in the destination namespace overlaps the destination,
  // … Overlapping I/O Range." With 0h and 1h the host should not, and it is no error.
  overlap: (_, __, job, range) => {
    if (!isCrossNamespace(job.format) || job.snsid[range] !== job.destination.nsid) return 0;
    const lba = job.lba[range];
    const isApart = lba + job.blocks[range] <= job.sdlba || job.sdlba + job.totalBlocks <= lba;
    return refuse(!isApart, sc.overlappingRange | DNR);
  },
  // QEMU 10: only a source whose end lies strictly inside the destination, counted from where this range goes.
  overlapByEnd: (_, __, job, range, destinationLba) => {
    if (!isCrossNamespace(job.format) || job.snsid[range] !== job.destination.nsid) return 0;
    const end = job.lba[range] + job.blocks[range];
    const isSeen = end > destinationLba && end < destinationLba + job.totalBlocks;
    return refuse(isSeen, sc.overlappingRange | DNR);
  },
  // "If the FCO bit is set … and a fast copy is not possible, … Fast Copy Not Possible"; DNR: the host is to copy.
  fastCopy: (controller, _, job, range) => {
    if (job.fastCopyOnly[range] === 0 || !controller.peer.honoursFastCopyOnly) return 0;
    const isFast = isFastPath(controller, job.sources[range] as Namespace, job);
    return refuse(!isFast, sc.fastCopyNotPossible | DNR);
  },
  readProtectionInformation: (controller, _, job, range) => {
    const { protection } = job.sources[range] as Namespace;
    if (protection === undefined || !checksReference(job.prinfor)) return 0;
    if (protection.type === 3) return sc.invalidProtectionInformation | DNR;
    if (protection.type === 2) return 0;
    const space = sourceTagSpace(controller, job, range);
    return refuse(
      space !== undefined && !referenceTagIsLba(protection, space, job.lba[range]),
      sc.invalidProtectionInformation | DNR,
    );
  },
  destinationPart: ({ peer }, _, { destination, blocks }, range, destinationLba) =>
    refuse(isOutOfRange(destination, destinationLba, blocks[range]), peer.rangeStatus),
};

/** Tags expected of the first block of a source range; none without protection information. */
export function sourceTagSpace(
  { peer }: Controller,
  job: CopyJob,
  range: number,
): TagSpace | undefined {
  const protection = job.sources[range]?.protection;
  if (protection === undefined) return undefined;
  const { list, entryBytes } = job;
  const isWide = entryBytes === WIDE_ENTRY_BYTES;
  return entryTagSpace(protection, list, range * entryBytes, isWide, peer.tagByteOrder);
}

/** The checks of a peer, looked up once. */
export function copyChecksOf(peer: PeerBehaviour): CopyChecks {
  return {
    head: peer.headChecks.map((name) => headChecks[name]),
    list: peer.listChecks.map((name) => listChecks[name]),
    range: peer.rangeChecks.map((name) => rangeChecks[name]),
  };
}
