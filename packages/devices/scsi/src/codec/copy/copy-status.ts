import { type DecodeOptions, type Structure, structure } from "@blockferry/core/bytes";
import { uint32 } from "../big-endian.ts";
import { type Codec, fixed, rawBytes } from "../codec.ts";
import { descriptorList, evenly } from "../descriptor-list.ts";
import { type Located, shift, shiftAnnotations } from "../located.ts";
import { variable } from "../variable.ts";

/*
 * 0..3     available data (n-3)
 * 4        response to service action      5   HDD, copy operation status
 * 6..7     operation counter
 * 8..11    estimated status update delay, ms
 * 12       extended copy completion status 13  length of the sense data field (x)
 * 14       sense data length               15  transfer count units
 * 16..23   transfer count
 * 24..25   segments processed
 * 32..     sense data, x bytes
 *          then, not in RECEIVE COPY STATUS(LID4): a length of four bytes and held data or tokens
 */
const header = {
  name: "Copy operation status",
  bytes: 32,
  endian: "big",
  source: "SPC-4 6.24, table 248",
  fields: [
    {
      name: "availableData",
      at: "bytes 0..3",
      kind: "uint",
      meaning: "AVAILABLE DATA, bytes that follow it",
    },
    { at: "byte 4[7:5]", kind: "reserved" },
    {
      name: "responseToServiceAction",
      at: "byte 4[4:0]",
      kind: "enumeration",
      names: {
        0: "EXTENDED COPY(LID1)",
        1: "EXTENDED COPY(LID4)",
        16: "POPULATE TOKEN",
        17: "WRITE USING TOKEN",
      },
      meaning: "RESPONSE TO SERVICE ACTION",
    },
    {
      name: "hdd",
      at: "byte 5[7]",
      kind: "flag",
      meaning: "HDD: held data discarded; RECEIVE COPY DATA(LID4) only",
    },
    {
      name: "copyOperationStatus",
      at: "byte 5[6:0]",
      kind: "enumeration",
      names: {
        1: "Operation completed without errors",
        2: "Operation completed with errors",
        3: "Operation completed without errors but with partial ROD token usage",
        4: "Operation completed without errors but with residual data",
        16: "Operation in progress, foreground or background unknown",
        17: "Operation in progress in foreground",
        18: "Operation in progress in background",
        96: "Operation terminated",
      },
      meaning: "COPY OPERATION STATUS",
    },
    { name: "operationCounter", at: "bytes 6..7", kind: "uint", meaning: "OPERATION COUNTER" },
    {
      name: "estimatedStatusUpdateDelay",
      at: "bytes 8..11",
      kind: "enumeration",
      names: { 4294967294: "the operation has ended", 4294967295: "unknown" },
      meaning: "ESTIMATED STATUS UPDATE DELAY, milliseconds",
    },
    {
      name: "extendedCopyCompletionStatus",
      at: "byte 12",
      kind: "enumeration",
      names: { 0: "GOOD", 2: "CHECK CONDITION", 64: "TASK ABORTED" },
      meaning: "EXTENDED COPY COMPLETION STATUS",
    },
    {
      name: "lengthOfSenseDataField",
      at: "byte 13",
      kind: "uint",
      meaning: "LENGTH OF THE SENSE DATA FIELD, a multiple of 4",
    },
    { name: "senseDataLength", at: "byte 14", kind: "uint", meaning: "SENSE DATA LENGTH" },
    {
      name: "transferCountUnits",
      at: "byte 15",
      kind: "enumeration",
      names: {
        0: "bytes",
        1: "KiB",
        2: "MiB",
        3: "GiB",
        4: "TiB",
        5: "PiB",
        6: "EiB",
        241: "blocks of the copy destination",
      },
      meaning: "TRANSFER COUNT UNITS",
    },
    { name: "transferCount", at: "bytes 16..23", kind: "uint", meaning: "TRANSFER COUNT" },
    { name: "segmentsProcessed", at: "bytes 24..25", kind: "uint", meaning: "SEGMENTS PROCESSED" },
    { at: "bytes 26..31", kind: "reserved" },
  ],
} as const;

/** The fixed part that RECEIVE COPY STATUS(LID4), RECEIVE COPY DATA(LID4) and RECEIVE ROD TOKEN
 * INFORMATION share. */
export const copyStatusHeader: Structure<typeof header> = structure(header);

/** How far a copy operation is, or how it ended. */
export interface CopyStatus {
  readonly responseToServiceAction: number;
  /** Held data was discarded; of RECEIVE COPY DATA(LID4) only. */
  readonly hdd: boolean;
  readonly copyOperationStatus: number;
  readonly operationCounter: number;
  /** Milliseconds; FFFFFFFEh = ended, FFFFFFFFh = unknown. */
  readonly estimatedStatusUpdateDelay: number;
  /** Status code of the operation, once it has ended. */
  readonly extendedCopyCompletionStatus: number;
  readonly transferCountUnits: number;
  readonly transferCount: number;
  readonly segmentsProcessed: number;
  /** Sense data of the operation, without padding. */
  readonly senseData: Uint8Array;
}

/** The status to encode: what is left out is zero or empty. */
export type CopyStatusInput = {
  readonly [Field in keyof CopyStatus]?: CopyStatus[Field];
};

interface Padded extends CopyStatus {
  readonly senseDataLength: number;
}

interface PaddedInput extends CopyStatusInput {
  readonly senseDataLength?: number;
}

/** Pads sense data to a multiple of four, as the length of its field demands. */
function padded<I extends CopyStatusInput>(value: I): I & PaddedInput {
  const { senseData = new Uint8Array(0) } = value;
  const field = new Uint8Array(Math.ceil(senseData.length / 4) * 4);
  field.set(senseData);
  return { ...value, senseData: field, senseDataLength: senseData.length };
}

/** Cuts sense data to its length. */
function unpadded<V extends CopyStatus>(name: string, decoded: Located<V & Padded>): Located<V> {
  if (!decoded.ok) return decoded;
  const { senseDataLength, ...rest } = decoded.value;
  if (senseDataLength > rest.senseData.length) {
    const rule = `SENSE DATA LENGTH ${senseDataLength} is more than its field holds`;
    return { ok: false, violated: `${name}: ${rule}`, field: "senseDataLength", byte: 14 };
  }
  const senseData = rest.senseData.slice(0, senseDataLength);
  return { ok: true, value: { ...rest, senseData } as unknown as V };
}

function withSenseLength<V extends CopyStatus, I extends CopyStatusInput>(
  inner: Codec<V & Padded, I & PaddedInput>,
): Codec<V, I> {
  return {
    ...inner,
    sizeOf: (value) => inner.sizeOf(padded(value)),
    encode: (value, target, offset) => inner.encode(padded(value), target, offset),
    decode: (bytes, options) => unpadded(inner.name, inner.decode(bytes, options)),
  };
}

const sensePart = {
  name: "senseData",
  codec: rawBytes("senseData", header.source, "SENSE DATA, padded"),
  length: "lengthOfSenseDataField",
} as const;

/** Puts a length of four bytes in front of what a codec encodes. */
function counted<V, I>(field: string, inner: Codec<V, I>): Codec<V, I> {
  const length = structure({
    name: field,
    bytes: 4,
    endian: "big",
    source: inner.source,
    fields: [{ name: "length", at: "bytes 0..3", kind: "uint", meaning: `${field}, bytes` }],
  });
  const bodyOf = (bytes: Uint8Array): Uint8Array => bytes.subarray(4, 4 + uint32(bytes, 0));
  function decode(bytes: Uint8Array, options?: DecodeOptions): Located<V> {
    if (bytes.length < 4) {
      // After WRITE USING TOKEN there is nothing to count, and some targets leave the length out.
      if (bytes.length === 0 || options?.lenient === true) return inner.decode(bytes.slice(0, 0));
      return { ok: false, violated: `${field} is missing`, field: "length", byte: 0 };
    }
    const size = uint32(bytes, 0);
    if (size !== bytes.length - 4 && options?.lenient !== true) {
      const rule = `must be ${bytes.length - 4}, the bytes left, not ${size}`;
      return { ok: false, violated: `${field} ${rule}`, field: "length", byte: 0 };
    }
    return shift(inner.decode(bodyOf(bytes), options), 4, "");
  }
  return {
    name: inner.name,
    source: inner.source,
    sizeOf: (value) => 4 + inner.sizeOf(value),
    encode(value, target = new Uint8Array(4 + inner.sizeOf(value)), offset = 0) {
      length.encode({ length: inner.sizeOf(value) }, target, offset);
      return inner.encode(value, target, offset + 4);
    },
    decode,
    annotate(bytes) {
      const own = length.annotate(bytes);
      if (bytes.length <= 4) return own;
      return [...own, ...shiftAnnotations(inner.annotate(bodyOf(bytes)), 4, "")];
    },
  };
}

const descriptor = {
  name: "ROD token descriptor",
  bytes: 514,
  endian: "big",
  source: "SPC-4 6.26, table 257",
  fields: [
    {
      name: "creatingCscd",
      at: "bytes 0..1",
      kind: "uint",
      meaning: "ID FOR CREATING ROD CSCD DESCRIPTOR; of EXTENDED COPY only",
    },
    { name: "rodToken", at: "bytes 2..513", kind: "bytes", meaning: "ROD TOKEN" },
  ],
} as const;

/** A ROD token and the CSCD that made it. */
export const rodTokenDescriptor: Structure<typeof descriptor> = structure(descriptor);

export interface RodTokenDescriptor {
  readonly creatingCscd: number;
  /** 512 bytes. */
  readonly rodToken: Uint8Array;
}

/** The response to RECEIVE ROD TOKEN INFORMATION. */
export interface RodTokenInformation extends CopyStatus {
  /** Empty while the operation runs, after a failure, and after WRITE USING TOKEN. */
  readonly rodTokens: readonly RodTokenDescriptor[];
}

export interface RodTokenInformationInput extends CopyStatusInput {
  readonly rodTokens?: readonly {
    readonly creatingCscd?: number;
    readonly rodToken?: Uint8Array;
  }[];
}

/** The response to RECEIVE COPY DATA(LID4). */
export interface CopyDataLid4 extends CopyStatus {
  readonly heldData: Uint8Array;
}

export interface CopyDataLid4Input extends CopyStatusInput {
  readonly heldData?: Uint8Array;
}

/** The response to RECEIVE COPY STATUS(LID4). */
export const copyStatusLid4: Codec<CopyStatus, CopyStatusInput> = withSenseLength(
  variable<Padded, PaddedInput>({
    name: "RECEIVE COPY STATUS(LID4) parameter data",
    source: header.source,
    header: copyStatusHeader,
    total: { field: "availableData", less: 4 },
    parts: [sensePart],
  }),
);

/** The response to RECEIVE ROD TOKEN INFORMATION. */
export const rodTokenInformation: Codec<RodTokenInformation, RodTokenInformationInput> =
  withSenseLength(
    variable<RodTokenInformation & Padded, RodTokenInformationInput & PaddedInput>({
      name: "RECEIVE ROD TOKEN INFORMATION parameter data",
      source: "SPC-4 6.26, table 256",
      header: copyStatusHeader,
      total: { field: "availableData", less: 4 },
      parts: [
        sensePart,
        {
          name: "rodTokens",
          codec: counted(
            "ROD TOKEN DESCRIPTORS LENGTH",
            descriptorList("ROD token descriptors", evenly(fixed(rodTokenDescriptor), 514)),
          ),
        },
      ],
    }),
  );

/** The response to RECEIVE COPY DATA(LID4). */
export const copyDataLid4: Codec<CopyDataLid4, CopyDataLid4Input> = withSenseLength(
  variable<CopyDataLid4 & Padded, CopyDataLid4Input & PaddedInput>({
    name: "RECEIVE COPY DATA(LID4) parameter data",
    source: "SPC-4 6.20, table 240",
    header: copyStatusHeader,
    total: { field: "availableData", less: 4 },
    parts: [
      sensePart,
      {
        name: "heldData",
        codec: counted("HELD DATA LENGTH", rawBytes("heldData", "SPC-4 6.20", "HELD DATA")),
      },
    ],
  }),
);
