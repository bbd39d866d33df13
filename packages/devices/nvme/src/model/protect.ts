import {
  advanceReferenceTag,
  checkProtection,
  generateProtection,
  type ProtectedBlocks,
  type ProtectionFault,
  type ProtectionFormat,
  protectionFault,
  type TagSpace,
} from "../codec/protection/index.ts";
import type { Namespace } from "./namespace.ts";
import { checksAnything, prinfo } from "./prinfo.ts";
import { type StatusCode, sc } from "./status.ts";

/** Data and metadata of blocks in two buffers without gaps. */
export function packedBlocks(
  namespace: Namespace,
  blocks: number,
  data: Uint8Array,
  metadata: Uint8Array,
): ProtectedBlocks {
  const { bytesPerBlock, metadataBytes } = namespace;
  return {
    blocks,
    bytesPerBlock,
    data,
    dataAt: 0,
    dataStride: bytesPerBlock,
    metadata,
    metadataAt: 0,
    metadataStride: metadataBytes,
  };
}

/** NVM Command Set Specification 1.2, media and data integrity errors. */
const faultStatus: Readonly<Record<ProtectionFault, StatusCode>> = {
  [protectionFault.none]: sc.success,
  [protectionFault.guard]: sc.guardCheck,
  [protectionFault.applicationTag]: sc.applicationTagCheck,
  [protectionFault.referenceTag]: sc.referenceTagCheck,
  [protectionFault.storageTag]: sc.storageTagCheck,
};

/** What a command says about the protection information of its blocks. */
export interface ProtectionRequest {
  /** PRINFO. */
  readonly prinfo: number;
  /** Storage Tag Check. */
  readonly checksStorageTag: boolean;
  readonly applicationTag: number;
  readonly applicationTagMask: number;
  /** Tags of the first block. */
  readonly space: TagSpace;
}

/** The tags that many blocks further on. Type 3 does not count. */
export function spaceFrom(format: ProtectionFormat, space: TagSpace, blocks: number): TagSpace {
  const moved = space.slice();
  if (format.type !== 3) advanceReferenceTag(format, moved, blocks);
  return moved;
}

/** Checks the protection information of blocks that begin `done` blocks after the request's first. */
export function checkBlocks(
  namespace: Namespace,
  blocks: ProtectedBlocks,
  request: ProtectionRequest,
  done = 0,
): StatusCode {
  const { protection } = namespace;
  if (protection === undefined || !checksAnything(request.prinfo, request.checksStorageTag)) {
    return sc.success;
  }
  const check = {
    guard: (request.prinfo & prinfo.guard) !== 0,
    application: (request.prinfo & prinfo.application) !== 0,
    reference: (request.prinfo & prinfo.reference) !== 0,
    storage: request.checksStorageTag,
    applicationTag: request.applicationTag,
    applicationTagMask: request.applicationTagMask,
    storageTagMask: namespace.storageTagMask,
  };
  const space = spaceFrom(protection, request.space, done);
  return faultStatus[checkProtection(protection, blocks, check, space)];
}

/** Writes the protection information of blocks that begin `done` blocks after the request's first. */
export function protectBlocks(
  namespace: Namespace,
  blocks: ProtectedBlocks,
  request: ProtectionRequest,
  done = 0,
): StatusCode {
  const { protection } = namespace;
  if (protection === undefined) return sc.success;
  const space = spaceFrom(protection, request.space, done);
  generateProtection(protection, blocks, request.applicationTag, space);
  return sc.success;
}
