import type { ProtectionFormat } from "./codec/protection/index.ts";
import type { ProtectionSide } from "./protection-options.ts";
import type { ByteOrder } from "./tag-byte-order.ts";

/** Turns the four bytes of a word round. */
function swapWord(word: number): number {
  return (word << 24) | ((word & 0xff00) << 8) | ((word >>> 8) & 0xff00) | (word >>> 24);
}

function swapHalves(word: number): number {
  return ((word << 8) & 0xff00ff00) | ((word >>> 8) & 0x00ff00ff);
}

/** Two application tag fields as the word they share. */
export function applicationTagWord(side: ProtectionSide, order: ByteOrder): number {
  const word = side.applicationTag | (side.applicationTagMask << 16);
  return order === "little" ? word : swapHalves(word);
}

/**
 * Logical block tags of one side as words: the storage tag in the upper, the reference tag, which follows the address, in the lower
 * bits of a space of 32, 80 or 48 bits (NVM Command Set Specification 1.2, section 5.3.1.4.1, Figures 158-165).
 */
export class TagWords {
  private readonly lowMask: number;
  private readonly highMask: number;
  private readonly storageLow: number;
  private readonly storageMiddle: number;
  private readonly storageHigh: number;
  private readonly offsetLow: number;
  private readonly offsetHigh: number;
  private readonly guardBits: number;

  constructor(format: ProtectionFormat, side: ProtectionSide) {
    const bits = BigInt(format.referenceTagBits);
    const mask = (1n << bits) - 1n;
    const storage = side.storageTag << bits;
    const word = (value: bigint): number => Number(BigInt.asIntN(32, value));
    this.lowMask = word(mask);
    this.highMask = word(mask >> 32n);
    this.storageLow = word(storage);
    this.storageMiddle = word(storage >> 32n);
    this.storageHigh = word(storage >> 64n) & 0xffff;
    this.offsetLow = word(side.referenceTagOffset);
    this.offsetHigh = word(side.referenceTagOffset >> 32n);
    this.guardBits = format.guardBits;
  }

  /** Bits 31:0 for the block at this address. */
  private low(low: number): number {
    return this.storageLow | ((low + this.offsetLow) & this.lowMask);
  }

  /** Bits 63:32 for the block at this address. */
  private middle(low: number, high: number): number {
    const sum = (low + this.offsetLow) | 0;
    const carry = sum >>> 0 < low >>> 0 ? 1 : 0;
    return this.storageMiddle | ((high + this.offsetHigh + carry) & this.highMask);
  }

  /** Writes LBTU and LBTL, or ILBRT, of a command at word `at`: CDW2, CDW3 and CDW14. */
  writeCommand(words: Int32Array, at: number, low: number, high: number): void {
    words[at + 14] = this.low(low);
    if (this.guardBits === 16) return;
    const middle = this.middle(low, high);
    words[at + 3] = this.guardBits === 64 ? middle & 0xffff : middle;
    words[at + 2] = this.guardBits === 64 ? 0 : this.storageHigh;
  }

  /** Writes ELBT of a 32-byte entry whose address is at words 2 and 3. */
  writeShortEntry(words: Int32Array, at: number, order: ByteOrder): void {
    const tags = this.low(words[at + 2]);
    words[at + 6] = order === "little" ? tags : swapWord(tags);
  }

  /** Writes ELBT of a 40-byte entry: ten bytes from byte 26 on. */
  writeLongEntry(words: Int32Array, at: number, order: ByteOrder): void {
    const low = this.low(words[at + 2]);
    const middle = this.middle(words[at + 2], words[at + 3]);
    const upper = this.guardBits === 64 ? middle & 0xffff : middle;
    const top = this.guardBits === 64 ? 0 : this.storageHigh;
    if (order === "little") {
      words[at + 6] = low << 16;
      words[at + 7] = (low >>> 16) | (upper << 16);
      words[at + 8] = (upper >>> 16) | (top << 16);
      return;
    }
    words[at + 6] = swapWord(top) & ~0xffff;
    words[at + 7] = swapWord(upper);
    words[at + 8] = swapWord(low);
  }
}
