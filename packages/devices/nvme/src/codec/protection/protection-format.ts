import { type GuardBits, storageTagBits as storageTagLimits, tagSpaceBits } from "../block-tags.ts";

/** Type of end-to-end protection (NVM Command Set Specification 1.2, section 5.3.2). */
export type ProtectionType = 1 | 2 | 3;

/** How the protection information of a namespace is formatted. */
export interface ProtectionSettings {
  readonly type: ProtectionType;
  /** Default 16. */
  readonly guardBits?: GuardBits | undefined;
  /** Storage Tag Size (STS) in bits; default the least that the guard allows. */
  readonly storageTagBits?: number | undefined;
  /** True: the protection information is the first part of the metadata (DPS bit 3); default last. */
  readonly first?: boolean | undefined;
  /** Metadata bytes of each block; default the size of the protection information. */
  readonly metadataBytes?: number | undefined;
}

/** The same, with everything that follows from it. Masks are over the storage and reference space, big-endian. */
export interface ProtectionFormat {
  readonly type: ProtectionType;
  readonly guardBits: GuardBits;
  readonly guardBytes: number;
  readonly storageTagBits: number;
  readonly referenceTagBits: number;
  /** Bytes of the Storage and Reference Space. */
  readonly spaceBytes: number;
  /** Bytes of the protection information of one block. */
  readonly bytes: number;
  readonly first: boolean;
  readonly metadataBytes: number;
  /** Where in a block's metadata the protection information is. */
  readonly offset: number;
  /** Bytes of metadata that the guard covers: all before the protection information. */
  readonly guardedMetadataBytes: number;
  readonly storageMask: Uint8Array;
  readonly referenceMask: Uint8Array;
}

/** Bytes of the protection information of a block (NVM Command Set Specification 1.2, section 5.3.1). */
const tupleBytes: Readonly<Record<GuardBits, number>> = { 16: 8, 32: 16, 64: 16 };

/** A mask of `bits` ones below `skip` leading zeroes, as big-endian bytes. */
function maskOf(bytes: number, skip: number, bits: number): Uint8Array {
  const mask = new Uint8Array(bytes);
  for (let bit = skip; bit < skip + bits; bit += 1) mask[bit >> 3] |= 0x80 >> (bit & 7);
  return mask;
}

/**
 * Works out a format of protection information.
 * @throws RangeError naming the setting that the standard does not allow.
 */
export function protectionFormat(settings: ProtectionSettings): ProtectionFormat {
  const { type, guardBits = 16, first = false } = settings;
  if (type !== 1 && type !== 2 && type !== 3) {
    throw new RangeError(`protection type must be 1, 2 or 3, not ${String(type)}`);
  }
  const bytes = tupleBytes[guardBits];
  if (bytes === undefined) {
    throw new RangeError(`guardBits must be 16, 32 or 64, not ${String(guardBits)}`);
  }
  const [min, max] = storageTagLimits[guardBits];
  const { storageTagBits = min, metadataBytes = bytes } = settings;
  if (!Number.isInteger(storageTagBits) || storageTagBits < min || storageTagBits > max) {
    throw new RangeError(
      `storageTagBits must be ${min} to ${max} with a ${guardBits}-bit guard, not ${storageTagBits}`,
    );
  }
  if (!Number.isInteger(metadataBytes) || metadataBytes < bytes || metadataBytes > 65535) {
    throw new RangeError(
      `metadataBytes must be ${bytes} to 65535 with a ${guardBits}-bit guard, not ${metadataBytes}`,
    );
  }
  const spaceBytes = tagSpaceBits[guardBits] / 8;
  const referenceTagBits = tagSpaceBits[guardBits] - storageTagBits;
  const offset = first ? 0 : metadataBytes - bytes;
  return {
    type,
    guardBits,
    guardBytes: guardBits / 8,
    storageTagBits,
    referenceTagBits,
    spaceBytes,
    bytes,
    first,
    metadataBytes,
    offset,
    guardedMetadataBytes: offset,
    storageMask: maskOf(spaceBytes, 0, storageTagBits),
    referenceMask: maskOf(spaceBytes, storageTagBits, referenceTagBits),
  };
}
