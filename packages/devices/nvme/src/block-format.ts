import type { ProtectionFormat } from "./codec/protection/index.ts";
import type { NvmeProtectionOptions } from "./protection-options.ts";
import { protectionSide } from "./protection-options.ts";

/** How the blocks of a namespace are formatted. */
export interface NvmeBlockFormat {
  /** Bytes of data in a block. */
  readonly bytesPerBlock: number;
  readonly metadataBytes: number;
  /** True: metadata is transferred as part of the block (FLBAS bit 4). */
  readonly metadataExtended: boolean;
  /** `undefined`: blocks have no protection information. */
  readonly protection: ProtectionFormat | undefined;
}

/** Source range formats for copies inside a namespace and between namespaces; `undefined`: there is none to use. */
export interface NvmeCopyFormats {
  readonly same: number | undefined;
  readonly cross: number | undefined;
}

/**
 * True when reads and writes move the data alone: without metadata, or where the controller strips and makes all of it.
 * Otherwise a copy through the host would lose metadata.
 */
export function movesDataAlone(
  format: NvmeBlockFormat,
  options: NvmeProtectionOptions = {},
): boolean {
  const { protection } = format;
  if (format.metadataBytes === 0) return true;
  if (protection === undefined || protection.bytes !== format.metadataBytes) return false;
  return (
    protectionSide("source", protection, options.source).action &&
    protectionSide("destination", protection, options.destination).action
  );
}

function isSameProtection(a: ProtectionFormat, b: ProtectionFormat): boolean {
  return (
    a.type === b.type &&
    a.guardBits === b.guardBits &&
    a.storageTagBits === b.storageTagBits &&
    a.first === b.first
  );
}

/**
 * True when one Copy may carry blocks of `source` to `destination`: formats that agree, or protection information that
 * the controller makes or strips on the way (NVM Command Set Specification 1.2, section 3.3.2).
 */
export function formatsAgree(
  destination: NvmeBlockFormat,
  source: NvmeBlockFormat,
  options: NvmeProtectionOptions = {},
): boolean {
  if (destination.bytesPerBlock !== source.bytesPerBlock) return false;
  const to = destination.protection;
  const from = source.protection;
  if (to === undefined && from === undefined) {
    return destination.metadataBytes === source.metadataBytes;
  }
  if (to !== undefined && from !== undefined) {
    return destination.metadataBytes === source.metadataBytes && isSameProtection(to, from);
  }
  if (to !== undefined) {
    const makes = protectionSide("destination", to, options.destination).action;
    return makes && source.metadataBytes === 0 && destination.metadataBytes === to.bytes;
  }
  return destination.metadataBytes === 0 && source.metadataBytes === from?.bytes;
}
