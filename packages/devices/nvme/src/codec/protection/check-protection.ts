import { writeGuard } from "./guard.ts";
import type { ProtectedBlocks } from "./protected-blocks.ts";
import type { ProtectionFormat } from "./protection-format.ts";
import { advanceReferenceTag, agree, type TagSpace } from "./tag-space.ts";

/** What a check found: 0 if nothing. */
export const protectionFault = {
  none: 0,
  guard: 1,
  applicationTag: 2,
  referenceTag: 3,
  storageTag: 4,
} as const;

export type ProtectionFault = (typeof protectionFault)[keyof typeof protectionFault];

/** Which parts of the protection information are checked (PRCHK and the Storage Tag Check bit), and against what. */
export interface ProtectionCheck {
  readonly guard: boolean;
  readonly application: boolean;
  readonly reference: boolean;
  readonly storage: boolean;
  readonly applicationTag: number;
  readonly applicationTagMask: number;
  /** Bits of the storage tag that are compared, aligned as in the space; default all of them. */
  readonly storageTagMask?: Uint8Array | undefined;
}

const ESCAPE = 0xffff;

function isEscaped(format: ProtectionFormat, metadata: Uint8Array, tagsAt: number): boolean {
  if (((metadata[tagsAt] << 8) | metadata[tagsAt + 1]) !== ESCAPE) return false;
  if (format.type !== 3) return true;
  const { referenceMask, spaceBytes } = format;
  for (let byte = 0; byte < spaceBytes; byte += 1) {
    if ((~metadata[tagsAt + 2 + byte] & referenceMask[byte]) !== 0) return false;
  }
  return true;
}

function isGuardRight(
  format: ProtectionFormat,
  blocks: ProtectedBlocks,
  dataAt: number,
  metadataAt: number,
  guard: Uint8Array,
): boolean {
  const { metadata } = blocks;
  writeGuard(
    format.guardBits,
    blocks.data,
    dataAt,
    blocks.bytesPerBlock,
    metadata,
    metadataAt,
    format.guardedMetadataBytes,
    guard,
    0,
  );
  const at = metadataAt + format.offset;
  for (let byte = 0; byte < format.guardBytes; byte += 1) {
    if (guard[byte] !== metadata[at + byte]) return false;
  }
  return true;
}

/**
 * Checks the protection information of blocks and returns the first fault. A block whose application tag is FFFFh (with
 * type 3: and whose reference tag is all ones) is not checked (NVM Command Set Specification 1.2, section 5.3.3).
 *
 * `space` holds the tags expected of the first block and is advanced as `generateProtection` does. The reference tag of
 * type 3 belongs to the application and is not compared.
 */
export function checkProtection(
  format: ProtectionFormat,
  blocks: ProtectedBlocks,
  check: ProtectionCheck,
  space: TagSpace,
): ProtectionFault {
  const { metadata } = blocks;
  const { type, storageMask, referenceMask } = format;
  const storageTagMask = check.storageTagMask ?? storageMask;
  const reference = check.reference && type !== 3;
  const guard = new Uint8Array(8);
  let dataAt = blocks.dataAt;
  let metadataAt = blocks.metadataAt;
  for (let block = 0; block < blocks.blocks; block += 1) {
    const tagsAt = metadataAt + format.offset + format.guardBytes;
    if (!isEscaped(format, metadata, tagsAt)) {
      if (check.guard && !isGuardRight(format, blocks, dataAt, metadataAt, guard)) {
        return protectionFault.guard;
      }
      const applicationTag = (metadata[tagsAt] << 8) | metadata[tagsAt + 1];
      const different = (applicationTag ^ check.applicationTag) & check.applicationTagMask;
      if (check.application && different !== 0) return protectionFault.applicationTag;
      if (reference && !agree(referenceMask, metadata, tagsAt + 2, space, 0)) {
        return protectionFault.referenceTag;
      }
      if (check.storage && !agree(storageTagMask, metadata, tagsAt + 2, space, 0)) {
        return protectionFault.storageTag;
      }
    }
    if (type !== 3) advanceReferenceTag(format, space);
    dataAt += blocks.dataStride;
    metadataAt += blocks.metadataStride;
  }
  return protectionFault.none;
}
