import type { DecodeOptions } from "@blockferry/core/bytes";
import type { Codec } from "../codec.ts";
import { type Located, violated } from "../located.ts";
import { annotateSense } from "./annotate-sense.ts";
import { decodeDescriptorSense, encodeDescriptorSense } from "./descriptor-format.ts";
import type { OtherSenseDescriptor } from "./descriptor-sense.ts";
import { decodeFixedSense, encodeFixedSense } from "./fixed-format.ts";
import type { SenseKeySpecific } from "./sense-key-specific.ts";

/** Status and sense data that a copy manager got from one end of a copy (SPC-4 5.17.7.4). */
export interface ForwardedSense {
  readonly source: "copy source" | "copy destination" | "unknown";
  /** Status code. */
  readonly status: number;
  readonly senseData: Uint8Array;
  /** The sense data is cut off; descriptor format only. */
  readonly truncated?: true;
}

/** Sense data of either format: what is not there is left out. */
export interface SenseData {
  readonly format: "fixed" | "descriptor";
  /** True: of a command that has ended before (71h, 73h). */
  readonly deferred: boolean;
  readonly senseKey: number;
  readonly asc: number;
  readonly ascq: number;
  /** For most commands an LBA; of COPY ABORTED the residual of the segment. */
  readonly information?: bigint;
  /** Not of COPY ABORTED, whose `copySegment` and `forwarded` stand there. */
  readonly commandSpecificInformation?: bigint;
  /** Segment that was being processed, from 0; of COPY ABORTED only. */
  readonly copySegment?: number;
  readonly forwarded?: readonly ForwardedSense[];
  readonly senseKeySpecific?: SenseKeySpecific;
  readonly fieldReplaceableUnitCode?: number;
  readonly filemark?: true;
  readonly eom?: true;
  readonly ili?: true;
  /** SDAT_OVFL: there was more sense data than fitted. */
  readonly overflow?: true;
  /** Descriptors that are not taken apart; descriptor format only. */
  readonly descriptors?: readonly OtherSenseDescriptor[];
}

/** Sense data to encode; the default is fixed format, of this command. */
export interface SenseDataInput {
  readonly format?: "fixed" | "descriptor" | undefined;
  readonly deferred?: boolean | undefined;
  readonly senseKey: number;
  readonly asc?: number | undefined;
  readonly ascq?: number | undefined;
  /** In fixed format a value above 2^32-1 is left out, as the standard demands. */
  readonly information?: number | bigint | undefined;
  readonly commandSpecificInformation?: number | bigint | undefined;
  readonly copySegment?: number | undefined;
  readonly forwarded?: readonly ForwardedSense[] | undefined;
  readonly senseKeySpecific?: SenseKeySpecific | undefined;
  readonly fieldReplaceableUnitCode?: number | undefined;
  readonly filemark?: boolean | undefined;
  readonly eom?: boolean | undefined;
  readonly ili?: boolean | undefined;
  readonly overflow?: boolean | undefined;
  readonly descriptors?: readonly OtherSenseDescriptor[] | undefined;
}

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
