import type { ProtectionFormat } from "./codec/protection/index.ts";
import type { TagByteOrder } from "./codec/tag-byte-order.ts";
import type { ProtectionSide } from "./protection-options.ts";

/** Bytes of ELBT in 40-byte entries, and where it begins (NVM Command Set Specification 1.2, Figure 40). */
const LONG_TAG_BYTES = 10;
const LONG_TAG_AT = 26;

/** Turns the four bytes of a word round. */
function swapWord(word: number): number {
  return (word << 24) | ((word & 0xff00) << 8) | ((word >>> 8) & 0xff00) | (word >>> 24);
}

/** ELBAT and ELBATM of an entry, or LBAT and LBATM of a command, as the word they share. */
export function applicationTagWord(side: ProtectionSide, order?: TagByteOrder): number {
  const { applicationTag: tag, applicationTagMask: mask } = side;
  const word = order?.applicationTagsSwapped === true ? mask | (tag << 16) : tag | (mask << 16);
  if (order?.applicationTags !== "big") return word;
  return ((word << 8) & 0xff00ff00) | ((word >>> 8) & 0x00ff00ff);
}

/**
 * Logical block tags of one side as words: the storage tag in the upper, the reference tag, which follows the address,
 * in the lower bits of a space of 32, 80 or 48 bits (NVM Command Set Specification 1.2, section 5.3.1.4.1, Figures
 * 158-165).
 */
export class TagWords {
  declare private readonly lowMask: number;
  declare private readonly highMask: number;
  declare private readonly storageLow: number;
  declare private readonly storageMiddle: number;
  declare private readonly storageTop: number;
  declare private readonly offsetLow: number;
  declare private readonly offsetHigh: number;
  declare private readonly isShort: boolean;
  declare private readonly order: TagByteOrder;
  /** ELBT, lowest byte first. */
  private readonly space: Uint8Array = new Uint8Array(LONG_TAG_BYTES + 2);
  private readonly spaceWords: DataView = new DataView(this.space.buffer);

  /** @throws RangeError for a storage tag that the peer's byte order has no room for. */
  constructor(format: ProtectionFormat, side: ProtectionSide, order: TagByteOrder) {
    const bits = BigInt(format.referenceTagBits);
    const mask = (1n << bits) - 1n;
    const storage = side.storageTag << bits;
    const word = (value: bigint): number => Number(BigInt.asIntN(32, value));
    this.lowMask = word(mask);
    this.highMask = word(mask >> 32n);
    this.storageLow = word(storage);
    this.storageMiddle = word(storage >> 32n);
    this.storageTop = word(storage >> 64n);
    this.offsetLow = word(side.referenceTagOffset);
    this.offsetHigh = word(side.referenceTagOffset >> 32n);
    this.isShort = format.guardBits === 16;
    this.order = order;
    const room = this.isShort ? 4 : order.elbt80.bytes;
    if (storage >> BigInt(room * 8) !== 0n) {
      throw new RangeError(
        `this tag byte order has room for ${room} bytes of tags, too few for storage tag ${side.storageTag}`,
      );
    }
  }

  /** Bits 31:0 for the block at this address. */
  private low(low: number): number {
    return this.storageLow | ((low + this.offsetLow) & this.lowMask);
  }

  /** Bits 63:32 for the block at this address. */
  private middle(low: number, high: number): number {
    const carry = (low + this.offsetLow) >>> 0 < low >>> 0 ? 1 : 0;
    return this.storageMiddle | ((high + this.offsetHigh + carry) & this.highMask);
  }

  /** Writes LBTU and LBTL, or ILBRT, of the command whose words begin at `at`: CDW2, CDW3 and CDW14. */
  writeCommand(words: Int32Array, at: number, low: number, high: number): void {
    words[at + 14] = this.low(low);
    if (this.isShort) return;
    words[at + 3] = this.middle(low, high);
    words[at + 2] = this.storageTop;
  }

  /** Writes ELBT of the 32-byte entry whose words begin at `at`. */
  writeShortEntry(words: Int32Array, at: number, low: number): void {
    const tags = this.low(low);
    words[at + 6] = this.order.elbt32 === "little" ? tags : swapWord(tags);
  }

  /** Writes ELBT of the 40-byte entry whose bytes begin at `at`. */
  writeLongEntry(bytes: Uint8Array, at: number, low: number, high: number): void {
    this.spaceWords.setInt32(0, this.low(low), true);
    this.spaceWords.setInt32(4, this.middle(low, high), true);
    this.spaceWords.setInt32(8, this.storageTop, true);
    const { from, bytes: count, endian } = this.order.elbt80;
    const first = at + LONG_TAG_AT + from;
    for (let i = 0; i < count; i++) {
      bytes[endian === "little" ? first + i : first + count - 1 - i] = this.space[i];
    }
  }
}
