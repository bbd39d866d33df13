import { copyCommand } from "../codec/copy-command.ts";
import type { ProtectionFormat, TagSpace } from "../codec/protection/index.ts";
import { sourceRange0, sourceRange1 } from "../codec/source-range.ts";
import type { TagByteOrder } from "../codec/tag-byte-order.ts";

/** Bytes of the widest storage and reference space. */
const SPACE_BYTES_MAX = 10;

const LBTU_DWORD = copyCommand.field("lbtu").dword;
const LBTL_DWORD = copyCommand.field("lbtl").dword;

const put = (target: Uint8Array, at: number, bytes: number, word: number): void => {
  for (let byte = 0; byte < bytes; byte += 1) target[at + byte] = word >>> (8 * (bytes - 1 - byte));
};

/**
 * The logical block tags of a command: CDW2 bits 15:0, CDW3 and CDW14 make 80 bits, of which a guard takes its low 32,
 * 48 or 80 (NVM Command Set Specification 1.2, section 5.3.1.4.1).
 */
export function commandTagSpace(format: ProtectionFormat, words: Int32Array): TagSpace {
  const all = new Uint8Array(SPACE_BYTES_MAX);
  put(all, 0, 2, words[LBTU_DWORD]);
  put(all, 2, 4, words[LBTU_DWORD + 1]);
  put(all, 6, 4, words[LBTL_DWORD]);
  return all.subarray(SPACE_BYTES_MAX - format.spaceBytes);
}

/** Where the tags of a source range entry are. */
const entry = {
  narrow: {
    elbt: sourceRange0.offsetOf("elbt"),
    elbat: sourceRange0.offsetOf("elbat"),
    elbatm: sourceRange0.offsetOf("elbatm"),
  },
  wide: {
    elbt: sourceRange1.offsetOf("elbt"),
    elbat: sourceRange1.offsetOf("elbat"),
    elbatm: sourceRange1.offsetOf("elbatm"),
  },
} as const;

/** The expected logical block tags of the source range entry at `list[at]`, in the byte order of the peer. */
export function entryTagSpace(
  format: ProtectionFormat,
  list: Uint8Array,
  at: number,
  isWide: boolean,
  order: TagByteOrder,
): TagSpace {
  const { elbt } = isWide ? entry.wide : entry.narrow;
  const used = isWide ? order.elbt80 : { from: 0, bytes: 4, endian: order.elbt32 };
  const from = at + elbt + used.from;
  const all = new Uint8Array(SPACE_BYTES_MAX);
  for (let byte = 0; byte < used.bytes; byte += 1) {
    const source = used.endian === "little" ? byte : used.bytes - 1 - byte;
    all[SPACE_BYTES_MAX - 1 - byte] = list[from + source];
  }
  return all.subarray(SPACE_BYTES_MAX - format.spaceBytes);
}

/** ELBAT and ELBATM of the source range entry at `list[at]`. */
export function entryApplicationTags(
  list: Uint8Array,
  at: number,
  isWide: boolean,
  order: TagByteOrder,
): { readonly applicationTag: number; readonly applicationTagMask: number } {
  const { elbat, elbatm } = isWide ? entry.wide : entry.narrow;
  const short = (from: number): number =>
    order.applicationTags === "little"
      ? list[from] | (list[from + 1] << 8)
      : (list[from] << 8) | list[from + 1];
  const tag = short(at + elbat);
  const mask = short(at + elbatm);
  return order.applicationTagsSwapped
    ? { applicationTag: mask, applicationTagMask: tag }
    : { applicationTag: tag, applicationTagMask: mask };
}
