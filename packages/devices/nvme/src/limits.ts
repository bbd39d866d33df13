import { FerryError, type QueueLimits, type TransportManifest } from "@blockferry/core";
import { movesDataAlone, type NvmeBlockFormat, type NvmeCopyFormats } from "./block-format.ts";
import type { IdentifyController } from "./codec/identify-controller.ts";
import type { IdentifyNamespace } from "./codec/identify-namespace.ts";
import type { NvmeProtectionOptions } from "./protection-options.ts";

/** Limits that an administrator lowers below what the device says. All in logical blocks, or ranges. */
export interface NvmeSoftLimits {
  readonly copyBlocksMax?: number | undefined;
  readonly copyRangesMax?: number | undefined;
  readonly copyRangeBlocksMax?: number | undefined;
  readonly transferBlocksMax?: number | undefined;
}

export interface NvmeLimitsSource {
  readonly nsid: number;
  readonly controller: Pick<IdentifyController, "mdts" | "nvmcpys">;
  readonly namespace: Pick<IdentifyNamespace, "mssrl" | "mcl" | "msrc">;
  readonly format: NvmeBlockFormat;
  readonly copyFormats: NvmeCopyFormats;
  readonly transport: Pick<TransportManifest, "listBytesMax" | "dataBytesMax">;
  /** Unit of MDTS: the controller's minimum memory page size (CAP.MPSMIN). */
  readonly pageBytes: number;
  readonly protection?: NvmeProtectionOptions | undefined;
  readonly softLimits?: NvmeSoftLimits | undefined;
}

/** Limits of a namespace, and, where it has no copy command, why. */
export interface NvmeLimits {
  readonly limits: QueueLimits;
  readonly copyRefusal: string | undefined;
}

const SHORT_ENTRY_BYTES = 32;
const LONG_ENTRY_BYTES = 40;
/** NLB of Read and Write has 16 bits, 0's based. */
const TRANSFER_BLOCKS_MAX = 65536;

/** Bytes of a source range entry of a descriptor format. */
export function rangeEntryBytes(descriptorFormat: number): number {
  return descriptorFormat === 1 || descriptorFormat === 3 ? LONG_ENTRY_BYTES : SHORT_ENTRY_BYTES;
}

/** Largest data transfer by MDTS in bytes; Infinity: no limit (NVM Express Base Specification 2.2, Figure 313). */
function mdtsBytes(mdts: number, pageBytes: number): number {
  return mdts === 0 ? Number.POSITIVE_INFINITY : 2 ** mdts * pageBytes;
}

function lowered(
  nsid: number,
  name: keyof NvmeSoftLimits,
  inForce: number,
  most: number,
  soft: number | undefined,
): number {
  if (soft === undefined) return inForce;
  if (!Number.isSafeInteger(soft) || soft < 1 || soft > most) {
    throw new FerryError(
      "FERRY_NVME_LIMIT",
      `${name} of namespace ${nsid} can be lowered to 1 to ${most}, not to ${soft}`,
      { details: { nsid, limit: name, value: soft, hardware: most } },
    );
  }
  return Math.min(soft, inForce);
}

function transferBlocksMax(source: NvmeLimitsSource): number {
  const { controller, format, transport, pageBytes, nsid } = source;
  const bytes = Math.min(
    mdtsBytes(controller.mdts, pageBytes),
    transport.dataBytesMax ?? Number.POSITIVE_INFINITY,
  );
  const isAlone = movesDataAlone(format, source.protection);
  const carried = isAlone ? 0 : format.metadataBytes;
  const blocks = Math.min(
    TRANSFER_BLOCKS_MAX,
    Math.floor(bytes / (format.bytesPerBlock + carried)),
  );
  if (blocks < 1) {
    throw new FerryError(
      "FERRY_NVME_IDENTIFY",
      `one transfer carries ${bytes} bytes, less than a block of namespace ${nsid} (MDTS ${controller.mdts})`,
      { details: { nsid, rule: "mdts-below-block", mdts: controller.mdts } },
    );
  }
  return lowered(nsid, "transferBlocksMax", blocks, blocks, source.softLimits?.transferBlocksMax);
}

/** Ranges whose list fits what one command can bring along. */
function rangesThatFit(source: NvmeLimitsSource): number {
  const { controller, copyFormats, transport, pageBytes } = source;
  const bytes = Math.min(
    mdtsBytes(controller.mdts, pageBytes),
    transport.listBytesMax ?? Number.POSITIVE_INFINITY,
  );
  return Math.floor(bytes / rangeEntryBytes(copyFormats.same ?? 0));
}

function copyRefusal(source: NvmeLimitsSource): string | undefined {
  const { controller, namespace, copyFormats, format } = source;
  if (!controller.nvmcpys) return "the controller has no Copy command (ONCS bit 8 is clear)";
  if (copyFormats.same === undefined) {
    const guardBits = format.protection?.guardBits ?? 16;
    const wanted = guardBits === 16 ? "0h or 2h" : "1h or 3h";
    return `the controller has neither of the source range formats ${wanted} enabled, which a ${guardBits}-bit guard needs`;
  }
  if (namespace.mssrl === 0) return "MSSRL is 0: no source range may have a single block";
  if (namespace.mcl === 0) return "MCL is 0: no copy may have a single block";
  if (rangesThatFit(source) < 1)
    return "one command cannot bring along a single source range entry";
  return undefined;
}

/**
 * Limits of a namespace by its identify data, by what its transport carries, and by what the administrator lowered.
 *
 * MSSRL and MCL count blocks from 1, MSRC is decoded from 0's based. The Copy command moves no data to or from the host,
 * so that MDTS bounds its range list only.
 *
 * @throws FerryError `FERRY_NVME_LIMIT` for a soft limit of 0 or above the device's, `FERRY_NVME_IDENTIFY` where no block
 * fits a transfer.
 */
export function nvmeLimits(source: NvmeLimitsSource): NvmeLimits {
  const { nsid, namespace, format, copyFormats, softLimits: soft } = source;
  const limits = {
    bytesPerBlock: format.bytesPerBlock,
    transferBlocksMax: transferBlocksMax(source),
  };
  const refusal = copyRefusal(source);
  if (refusal !== undefined) return { limits, copyRefusal: refusal };
  const { mssrl, mcl, msrc } = namespace;
  const fit = Math.min(msrc, rangesThatFit(source));
  return {
    limits: {
      ...limits,
      copyShape: "many-to-one",
      copyBlocksMax: lowered(nsid, "copyBlocksMax", mcl, mcl, soft?.copyBlocksMax),
      copyBlocksHwMax: mcl,
      copyRangesMax: lowered(nsid, "copyRangesMax", fit, msrc, soft?.copyRangesMax),
      copyRangesHwMax: msrc,
      copyRangeBlocksMax: lowered(
        nsid,
        "copyRangeBlocksMax",
        mssrl,
        mssrl,
        soft?.copyRangeBlocksMax,
      ),
      copyRangeBlocksHwMax: mssrl,
      copyCrossDevice: copyFormats.cross !== undefined,
    },
    copyRefusal: undefined,
  };
}
