import { writeGuard } from "./guard.ts";
import type { ProtectedBlocks } from "./protected-blocks.ts";
import type { ProtectionFormat } from "./protection-format.ts";
import { advanceReferenceTag, type TagSpace } from "./tag-space.ts";

/**
 * Writes the protection information of blocks into their metadata; other metadata stays as it is.
 *
 * `space` holds the tags of the first block and is advanced: types 1 and 2 count the reference tag up with each block,
 * type 3 does not (NVM Command Set Specification 1.2, section 5.3.2).
 */
export function generateProtection(
  format: ProtectionFormat,
  blocks: ProtectedBlocks,
  applicationTag: number,
  space: TagSpace,
): void {
  const { data, metadata, bytesPerBlock } = blocks;
  const { guardBits, guardBytes, spaceBytes, offset, guardedMetadataBytes, type } = format;
  let dataAt = blocks.dataAt;
  let metadataAt = blocks.metadataAt;
  for (let block = 0; block < blocks.blocks; block += 1) {
    const at = metadataAt + offset;
    writeGuard(
      guardBits,
      data,
      dataAt,
      bytesPerBlock,
      metadata,
      metadataAt,
      guardedMetadataBytes,
      metadata,
      at,
    );
    const tagsAt = at + guardBytes;
    metadata[tagsAt] = applicationTag >>> 8;
    metadata[tagsAt + 1] = applicationTag;
    for (let byte = 0; byte < spaceBytes; byte += 1) metadata[tagsAt + 2 + byte] = space[byte];
    if (type !== 3) advanceReferenceTag(format, space);
    dataAt += blocks.dataStride;
    metadataAt += blocks.metadataStride;
  }
}
