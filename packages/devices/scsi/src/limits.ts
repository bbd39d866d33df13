import {
  COMMAND_BLOCKS_MAX,
  FerryError,
  type QueueLimits,
  type TransportManifest,
} from "@blockferry/core";
import { CSCD_BYTES } from "./codec/copy/cscd.ts";
import { extendedCopyLid1Header } from "./codec/copy/extended-copy-lid1.ts";
import { extendedCopyLid4Header } from "./codec/copy/extended-copy-lid4.ts";
import type { ListFormat } from "./command-options.ts";
import type { ExtendedCopyFacts, TokenFacts } from "./copy-manager.ts";
import type { ProfileLimits } from "./profiles.ts";
import { segmentBlocksMax, segmentForm } from "./segment-form.ts";
import {
  POPULATE_RANGES_MAX,
  populateListBytes,
  RANGE_DESCRIPTOR_BYTES,
  WRITE_LIST_BYTES,
} from "./token-list.ts";

/** Limits that an administrator lowers below what the device says. All in logical blocks, or ranges. */
export interface ScsiSoftLimits {
  readonly copyBlocksMax?: number | undefined;
  readonly copyRangesMax?: number | undefined;
  readonly copyRangeBlocksMax?: number | undefined;
  readonly transferBlocksMax?: number | undefined;
}

export interface ScsiLimitsSource {
  readonly lun: number;
  readonly bytesPerBlock: number;
  /** MAXIMUM TRANSFER LENGTH of VPD page B0h, blocks; 0: not reported. */
  readonly transferBlocksMax: number;
  readonly transport: Pick<TransportManifest, "listBytesMax" | "dataBytesMax">;
  readonly profile: ProfileLimits;
  /** Logical units that a command may have to name: those of the target. */
  readonly units: number;
  readonly softLimits?: ScsiSoftLimits | undefined;
}

/** Limits of a logical unit, and, where it has no such copy command, why. */
export interface ScsiLimits {
  readonly limits: QueueLimits;
  readonly copyRefusal: string | undefined;
}

/** NUMBER OF BLOCKS of READ(16) and WRITE(16) has 32 bits; more than this in one is nobody's need. */
const TRANSFER_BLOCKS_MAX = 65536;
const LID4_SEGMENT_BYTES_MAX = 0xffff;
const RANGE_BLOCKS_MAX = 0xffff_ffff;

const orEndless = (limit: number | undefined): number =>
  limit === undefined || limit === 0 ? Number.POSITIVE_INFINITY : limit;

function lowered(
  lun: number,
  name: keyof ScsiSoftLimits,
  most: number,
  soft: number | undefined,
): number {
  if (soft === undefined) return most;
  if (Number.isSafeInteger(soft) && soft >= 1 && soft <= most) return soft;
  throw new FerryError(
    "FERRY_SCSI_LIMIT",
    `${name} of logical unit ${lun} can be lowered to 1 to ${most}, not to ${soft}`,
    { details: { lun, limit: name, value: soft, hardware: most } },
  );
}

function transferLimits(
  source: ScsiLimitsSource,
): Pick<QueueLimits, "bytesPerBlock" | "transferBlocksMax"> {
  const { bytesPerBlock, lun, transport, softLimits } = source;
  const blocks = Math.min(
    TRANSFER_BLOCKS_MAX,
    orEndless(source.transferBlocksMax),
    Math.floor(orEndless(transport.dataBytesMax) / bytesPerBlock),
  );
  if (blocks < 1) {
    throw new FerryError(
      "FERRY_SCSI_DATA",
      `one transfer carries ${transport.dataBytesMax} bytes, less than a block of logical unit ${lun} (${bytesPerBlock})`,
      { details: { lun, rule: "transfer-below-block" } },
    );
  }
  return {
    bytesPerBlock,
    transferBlocksMax: lowered(lun, "transferBlocksMax", blocks, softLimits?.transferBlocksMax),
  };
}

interface CopyMost {
  readonly shape: "pairs" | "token";
  readonly ranges: number;
  readonly rangeBlocks: number;
  readonly blocks: number;
  readonly crossDevice: boolean;
}

function withCopies(source: ScsiLimitsSource, most: CopyMost): QueueLimits {
  const { lun, softLimits: soft } = source;
  const { shape, ranges, rangeBlocks, blocks } = most;
  return {
    ...transferLimits(source),
    copyShape: shape,
    copyBlocksMax: lowered(lun, "copyBlocksMax", blocks, soft?.copyBlocksMax),
    copyBlocksHwMax: blocks,
    copyRangesMax: lowered(lun, "copyRangesMax", ranges, soft?.copyRangesMax),
    copyRangesHwMax: ranges,
    copyRangeBlocksMax: lowered(lun, "copyRangeBlocksMax", rangeBlocks, soft?.copyRangeBlocksMax),
    copyRangeBlocksHwMax: rangeBlocks,
    copyCrossDevice: most.crossDevice,
  };
}

/** What EXTENDED COPY to a unit looks like. */
export interface ExtendedCopyShape {
  readonly segmentType: 0x02 | 0x0a;
  /** Logical units that one command can name. */
  readonly cscdsMax: number;
}

/** @returns the shape, or why there is none. */
export function extendedCopyShape(
  facts: ExtendedCopyFacts,
  profile: ProfileLimits,
): ExtendedCopyShape | string {
  const { descriptors } = facts;
  const knows = (code: number): boolean => descriptors.length === 0 || descriptors.includes(code);
  if (!knows(0xe4)) return "its copy manager takes no CSCD descriptors of type E4h";
  const cscdsMax = Math.min(facts.cscdsMax, orEndless(profile.cscdsMax));
  if (cscdsMax < 1) return "its copy manager takes no CSCD descriptor at all";
  if (knows(0x02)) return { segmentType: 0x02, cscdsMax };
  if (knows(0x0a)) return { segmentType: 0x0a, cscdsMax };
  return "its copy manager takes neither segments of type 02h nor of type 0Ah";
}

/** Segments whose list fits, beside the most CSCD descriptors that a command can need. */
function segmentsThatFit(
  source: ScsiLimitsSource,
  facts: ExtendedCopyFacts,
  shape: ExtendedCopyShape,
  format: ListFormat,
): number {
  const head = format === "lid1" ? extendedCopyLid1Header.size : extendedCopyLid4Header.size;
  const cscdBytes = Math.min(shape.cscdsMax, source.units) * CSCD_BYTES;
  const bytes = Math.min(
    orEndless(facts.listBytesMax) - cscdBytes,
    orEndless(source.transport.listBytesMax) - cscdBytes - head,
    format === "lid4" ? LID4_SEGMENT_BYTES_MAX : Number.POSITIVE_INFINITY,
  );
  return Math.floor(bytes / segmentForm(shape.segmentType).bytes);
}

/**
 * Limits of a unit for EXTENDED COPY, by what its copy manager says, what is known of it, and what a command can carry.
 * @throws FerryError `FERRY_SCSI_LIMIT`, `FERRY_SCSI_DATA`
 */
export function extendedCopyLimits(
  source: ScsiLimitsSource,
  facts: ExtendedCopyFacts,
  shape: ExtendedCopyShape,
  format: ListFormat,
): ScsiLimits {
  const { profile, bytesPerBlock, units } = source;
  const ranges = Math.min(
    facts.segmentsMax,
    orEndless(profile.segmentsMax),
    segmentsThatFit(source, facts, shape, format),
  );
  const bytes = Math.min(orEndless(facts.segmentBytesMax), orEndless(profile.segmentBytesMax));
  const granularity = Math.max(1, 2 ** facts.granularityExponent / bytesPerBlock);
  const most = Math.min(
    segmentBlocksMax(shape.segmentType, bytesPerBlock),
    Math.floor(bytes / bytesPerBlock),
  );
  // Cuts fall on the granularity where there is room for one.
  const rangeBlocks = most > granularity ? most - (most % granularity) : most;
  const refusal =
    ranges < 1
      ? "no segment fits the lists that its copy manager takes"
      : rangeBlocks < 1
        ? `no block fits a segment, which has at most ${bytes} bytes`
        : undefined;
  if (refusal !== undefined) return { limits: transferLimits(source), copyRefusal: refusal };
  const limits = withCopies(source, {
    shape: "pairs",
    ranges,
    rangeBlocks,
    blocks: Math.min(ranges * rangeBlocks, COMMAND_BLOCKS_MAX),
    crossDevice: units > 1 && shape.cscdsMax > 1,
  });
  return { limits, copyRefusal: undefined };
}

function tokenBlocks(source: ScsiLimitsSource, facts: TokenFacts): number {
  const { profile, bytesPerBlock } = source;
  const inBlocks = (bytes: number): number => Math.floor(bytes / bytesPerBlock);
  const optimal =
    profile.tokenBytesOptimalDefault === undefined
      ? Number.POSITIVE_INFINITY
      : facts.blocksOptimal || inBlocks(profile.tokenBytesOptimalDefault);
  return Math.min(
    COMMAND_BLOCKS_MAX,
    orEndless(facts.blocksMax),
    inBlocks(orEndless(facts.rodBytesMax)),
    inBlocks(orEndless(profile.tokenBytesMax)),
    optimal,
  );
}

/**
 * Limits of a unit for token copies. @throws FerryError `FERRY_SCSI_LIMIT`, `FERRY_SCSI_DATA`
 */
export function tokenCopyLimits(source: ScsiLimitsSource, facts: TokenFacts): ScsiLimits {
  const { profile, transport, units } = source;
  const listBytes = orEndless(transport.listBytesMax);
  const ranges = Math.min(
    POPULATE_RANGES_MAX,
    orEndless(facts.rangesMax),
    orEndless(profile.tokenRangesMax),
    Math.floor((listBytes - populateListBytes(0)) / RANGE_DESCRIPTOR_BYTES),
  );
  const blocks = tokenBlocks(source, facts);
  const refusal =
    ranges < 1 || listBytes < WRITE_LIST_BYTES
      ? `its transport brings along lists of ${listBytes} bytes, a token needs ${WRITE_LIST_BYTES}`
      : blocks < 1
        ? "no block fits a token"
        : undefined;
  if (refusal !== undefined) return { limits: transferLimits(source), copyRefusal: refusal };
  const limits = withCopies(source, {
    shape: "token",
    ranges,
    rangeBlocks: Math.min(RANGE_BLOCKS_MAX, blocks),
    blocks,
    crossDevice: units > 1,
  });
  return { limits, copyRefusal: undefined };
}

/** Limits of a unit without a copy command. */
export function limitsWithoutCopies(source: ScsiLimitsSource, why: string): ScsiLimits {
  return { limits: transferLimits(source), copyRefusal: why };
}
