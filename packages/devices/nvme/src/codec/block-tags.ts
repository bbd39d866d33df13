/**
 * The variable sized storage and reference tags (NVM Command Set 1.2, section 5.3.1.4.1, Figures
 * 158-165). A command carries 80 bits, LBTU above LBTL; a guard width uses the lowest 32, 80 or 48
 * of them, and of those the topmost STS bits are the storage tag, the rest the reference tag.
 */
export type GuardBits = 16 | 32 | 64;

/** Width of the storage and reference space, in bits, by guard width. */
export const tagSpaceBits: Readonly<Record<GuardBits, number>> = { 16: 32, 32: 80, 64: 48 };

/** Smallest and largest Storage Tag Size by guard width. */
export const storageTagBits: Readonly<Record<GuardBits, readonly [number, number]>> = {
  16: [0, 32],
  32: [16, 64],
  64: [0, 48],
};

export interface BlockTags {
  readonly storageTag: bigint;
  /** Of the first logical block. */
  readonly referenceTag: bigint;
}

/** Where tags stand: in a command (LBTU and LBTL) and in a source range entry (ELBT). */
export interface PlacedTags {
  /** Bits 47:0 of CDW2 and CDW3. */
  readonly lbtu: number;
  /** CDW14. */
  readonly lbtl: number;
  /** ELBT as one number; byte order is a matter of the source range entry. */
  readonly elbt: bigint;
}

const LOWER_BITS = 32n;
const bitsOf = (width: number): bigint => (1n << BigInt(width)) - 1n;

function spaceOf(guardBits: GuardBits, storageBits: number): { space: number; reference: number } {
  const [least, most] = storageTagBits[guardBits];
  if (!Number.isInteger(storageBits) || storageBits < least || storageBits > most) {
    throw new RangeError(
      `a ${guardBits}b guard has a storage tag of ${least} to ${most} bits, not ${storageBits}`,
    );
  }
  const space = tagSpaceBits[guardBits];
  return { space, reference: space - storageBits };
}

function checkTag(name: string, tag: bigint, width: number): void {
  if (tag >= 0n && tag <= bitsOf(width)) return;
  throw new RangeError(`the ${name} tag must fit ${width} bits, which ${tag} does not`);
}

/**
 * Places tags in the fields of a command and of a source range entry.
 * @throws RangeError for a storage tag size that the guard does not allow, or a tag that is wider.
 */
export function placeTags(guardBits: GuardBits, storageBits: number, tags: BlockTags): PlacedTags {
  const { reference } = spaceOf(guardBits, storageBits);
  checkTag("storage", tags.storageTag, storageBits);
  checkTag("reference", tags.referenceTag, reference);
  const elbt = (tags.storageTag << BigInt(reference)) | tags.referenceTag;
  return { lbtu: Number(elbt >> LOWER_BITS), lbtl: Number(elbt & bitsOf(32)), elbt };
}

/** Tags from LBTU and LBTL of a command. Bits above the guard's space are ignored, as specified. */
export function commandTags(
  guardBits: GuardBits,
  storageBits: number,
  command: { readonly lbtu: number; readonly lbtl: number },
): BlockTags {
  const all = (BigInt(command.lbtu) << LOWER_BITS) | BigInt(command.lbtl);
  return entryTags(guardBits, storageBits, all);
}

/** Tags from the ELBT of a source range entry. */
export function entryTags(guardBits: GuardBits, storageBits: number, elbt: bigint): BlockTags {
  const { space, reference } = spaceOf(guardBits, storageBits);
  const used = elbt & bitsOf(space);
  return { storageTag: used >> BigInt(reference), referenceTag: used & bitsOf(reference) };
}
