import type { DecodeOptions } from "@blockferry/core/bytes";
import type { Codec } from "../codec.ts";
import { type Located, violated } from "../located.ts";
import { annotateSense } from "./annotate-sense.ts";
import { decodeDescriptorSense, encodeDescriptorSense } from "./descriptor-format.ts";
import { decodeFixedSense, encodeFixedSense } from "./fixed-format.ts";
import type { SenseData, SenseDataInput } from "./sense-value.ts";

/** Greatest length of sense data (SPC-4 4.5.1). */
export const SENSE_BYTES_MAX = 252;

function encodeSense(value: SenseDataInput): Uint8Array {
  const descriptor = value.format === "descriptor";
  const bytes = descriptor ? encodeDescriptorSense(value) : encodeFixedSense(value);
  if (bytes.length <= SENSE_BYTES_MAX) return bytes;
  throw new RangeError(`sense data: ${bytes.length} bytes, at most ${SENSE_BYTES_MAX} are allowed`);
}

function decode(bytes: Uint8Array, options?: DecodeOptions): Located<SenseData> {
  if (bytes.length < 1) return { ok: false, need: 8 };
  switch (bytes[0] % 0x80) {
    case 0x70:
    case 0x71:
      return decodeFixedSense(bytes, options);
    case 0x72:
    case 0x73:
      return decodeDescriptorSense(bytes, options);
    default:
      return violated("Sense data", "responseCode", 0, "must be 70h, 71h, 72h or 73h");
  }
}

/**
 * Sense data of both formats. Sense data is always subject to being cut off, so bytes that its
 * length announces and that are not there are no error; bytes after it are ignored.
 */
export const senseData: Codec<SenseData, SenseDataInput> = {
  name: "Sense data",
  source: "SPC-4 4.5",
  sizeOf: (value) => encodeSense(value).length,
  encode(value, target, offset = 0) {
    const bytes = encodeSense(value);
    if (target === undefined) return bytes;
    if (target.length - offset < bytes.length) {
      throw new RangeError(`sense data: ${bytes.length} bytes do not fit at offset ${offset}`);
    }
    target.set(bytes, offset);
    return target;
  },
  decode,
  annotate: annotateSense,
};
