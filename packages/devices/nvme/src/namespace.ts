import {
  type CommandTarget,
  FerryError,
  type QueueLimits,
  type TransportManifest,
} from "@blockferry/core";
import { movesDataAlone, type NvmeBlockFormat, type NvmeCopyFormats } from "./block-format.ts";
import type { GuardBits } from "./codec/block-tags.ts";
import type { IdentifyController } from "./codec/identify-controller.ts";
import type { IdentifyNamespace } from "./codec/identify-namespace.ts";
import type { IdentifyNamespaceNvm } from "./codec/identify-namespace-nvm.ts";
import { type ProtectionFormat, protectionFormat } from "./codec/protection/index.ts";
import { type NvmeSoftLimits, nvmeLimits } from "./limits.ts";
import type { NvmeProtectionOptions } from "./protection-options.ts";

/** A namespace, ready for a queue to be put in front of it. */
export interface NvmeNamespace extends CommandTarget {
  readonly family: "nvme";
  readonly nsid: number;
  readonly limits: QueueLimits;
  /** Why the namespace has no copy command; `undefined` where it has one. */
  readonly copyRefusal: string | undefined;
  readonly dataRefusal: string | undefined;
  readonly format: NvmeBlockFormat;
  readonly copyFormats: NvmeCopyFormats;
  /** True: the namespace is write protected. */
  readonly readonly: boolean;
  /** Identify data (CNS 00h). */
  readonly identify: IdentifyNamespace;
  /** Identify data of the NVM command set (CNS 05h); `undefined` where the controller has none. */
  readonly identifyNvm: IdentifyNamespaceNvm | undefined;
}

export interface NamespaceSource {
  readonly nsid: number;
  readonly controller: IdentifyController;
  readonly identify: IdentifyNamespace;
  readonly identifyNvm: IdentifyNamespaceNvm | undefined;
  /** Formats that the controller supports and the host has enabled. */
  readonly enabledFormats: ReadonlySet<number>;
  readonly transport: TransportManifest;
  readonly pageBytes: number;
  readonly protection: NvmeProtectionOptions | undefined;
  readonly softLimits: NvmeSoftLimits | undefined;
}

const LBADS_MIN = 9;
const LBADS_MAX = 30;
/** NLBAF above 16 makes the upper bits of the format index count (NVM Command Set Specification 1.2, Figure 114). */
const SMALL_FORMATS = 16;
/** PIF by value; 3 refers to QPIF. */
const guardBitsOf: readonly (GuardBits | undefined)[] = [16, 32, 64];
const QUALIFIED = 3;

function malformed(nsid: number, rule: string, message: string): FerryError {
  return new FerryError("FERRY_NVME_IDENTIFY", `namespace ${nsid}: ${message}`, {
    details: { nsid, rule },
    hint: "The device's identify data contradicts the standard; nothing was sent to the namespace.",
  });
}

function formatIndex(nsid: number, identify: IdentifyNamespace): number {
  const { nlbaf, nulbaf, fidxl, fidxu } = identify;
  const formats = nlbaf + nulbaf;
  const index = nlbaf > SMALL_FORMATS ? fidxl | (fidxu << 4) : fidxl;
  if (index >= formats) {
    throw malformed(nsid, "flbas-beyond-nlbaf", `FLBAS names LBA format ${index} of ${formats}`);
  }
  return index;
}

function guardBits(nsid: number, index: number, nvm: IdentifyNamespaceNvm | undefined): GuardBits {
  if (nvm === undefined) return 16;
  const { pif, qpif } = nvm.elbaf[index];
  const bits = guardBitsOf[pif === QUALIFIED && nvm.qpifs ? qpif : pif];
  if (bits === undefined) {
    throw malformed(nsid, "pif-reserved", `protection information format ${pif} is reserved`);
  }
  return bits;
}

function protectionOf(
  source: NamespaceSource,
  index: number,
  metadataBytes: number,
): ProtectionFormat | undefined {
  const { nsid, identify, identifyNvm } = source;
  const { pit } = identify;
  if (pit === 0) return undefined;
  if (pit !== 1 && pit !== 2 && pit !== 3) {
    throw malformed(nsid, "dps-reserved", `protection information type ${pit} is reserved`);
  }
  const storageTagBits = identifyNvm?.elbaf[index].sts;
  try {
    return protectionFormat({
      type: pit,
      guardBits: guardBits(nsid, index, identifyNvm),
      ...(storageTagBits === undefined ? {} : { storageTagBits }),
      first: identify.pip,
      metadataBytes,
    });
  } catch (error) {
    if (error instanceof FerryError) throw error;
    throw malformed(nsid, "protection-format", (error as Error).message);
  }
}

function blockFormat(source: NamespaceSource): NvmeBlockFormat {
  const { nsid, identify } = source;
  const index = formatIndex(nsid, identify);
  const { lbads, ms } = identify.lbaf[index];
  if (lbads < LBADS_MIN || lbads > LBADS_MAX) {
    throw malformed(
      nsid,
      "lbads-out-of-range",
      `LBADS is ${lbads}; blocks have 2^${LBADS_MIN} to 2^${LBADS_MAX} bytes`,
    );
  }
  return {
    bytesPerBlock: 2 ** lbads,
    metadataBytes: ms,
    metadataExtended: identify.mtelba,
    protection: protectionOf(source, index, ms),
  };
}

/** 0h or 1h by the guard, 2h or 3h to name sources; the latter also where the former is not there. */
function copyFormats(format: NvmeBlockFormat, enabled: ReadonlySet<number>): NvmeCopyFormats {
  const own = (format.protection?.guardBits ?? 16) === 16 ? 0 : 1;
  const naming = own + 2;
  const cross = enabled.has(naming) ? naming : undefined;
  return { same: enabled.has(own) ? own : cross, cross };
}

/**
 * A namespace by its identify data.
 * @throws FerryError `FERRY_NVME_IDENTIFY` naming the rule that the data breaks, `FERRY_NVME_LIMIT`.
 */
export function namespaceOf(source: NamespaceSource): NvmeNamespace {
  const { nsid, controller, identify, identifyNvm, transport } = source;
  const { pageBytes, protection, softLimits } = source;
  const format = blockFormat(source);
  const formats = copyFormats(format, source.enabledFormats);
  const { limits, copyRefusal } = nvmeLimits({
    nsid,
    controller,
    namespace: identify,
    format,
    copyFormats: formats,
    transport,
    pageBytes,
    protection,
    softLimits,
  });
  return {
    family: "nvme",
    nsid,
    capacityBlocks: identify.nsze,
    bytesPerBlock: format.bytesPerBlock,
    limits,
    copyRefusal,
    format,
    dataRefusal: movesDataAlone(format, protection)
      ? undefined
      : `reads and writes of namespace ${nsid} would lose its metadata`,
    copyFormats: formats,
    readonly: identify.nsattr.includes(0),
    identify,
    identifyNvm,
  };
}
