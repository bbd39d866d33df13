import {
  type DecodeOptions,
  type Infer,
  type InputOf,
  type Structure,
  structure,
} from "@blockferry/core/bytes";
import { uint32 } from "../big-endian.ts";
import { type Codec, rawBytes } from "../codec.ts";
import type { Located } from "../located.ts";
import { variable } from "../variable.ts";

const status = {
  name: "RECEIVE COPY STATUS(LID1) parameter data",
  bytes: 12,
  endian: "big",
  source: "SPC-4 6.25, table 253",
  fields: [
    {
      name: "availableData",
      at: "bytes 0..3",
      kind: "constant",
      value: 8,
      meaning: "AVAILABLE DATA, bytes that follow it",
    },
    { name: "hdd", at: "byte 4[7]", kind: "flag", meaning: "HDD: held data discarded" },
    {
      name: "copyCommandStatus",
      at: "byte 4[6:0]",
      kind: "enumeration",
      names: {
        0: "Operation in progress",
        1: "Operation completed without errors",
        2: "Operation completed with errors",
      },
      meaning: "COPY COMMAND STATUS",
    },
    { name: "segmentsProcessed", at: "bytes 5..6", kind: "uint", meaning: "SEGMENTS PROCESSED" },
    {
      name: "transferCountUnits",
      at: "byte 7",
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
    { name: "transferCount", at: "bytes 8..11", kind: "uint", meaning: "TRANSFER COUNT" },
  ],
} as const;

const data = {
  name: "RECEIVE COPY DATA(LID1) parameter data",
  bytes: 4,
  endian: "big",
  source: "SPC-4 6.21, table 242",
  fields: [
    {
      name: "availableData",
      at: "bytes 0..3",
      kind: "uint",
      meaning: "AVAILABLE DATA, bytes that follow it",
    },
  ],
} as const;

const failure = {
  name: "RECEIVE COPY FAILURE DETAILS(LID1) parameter data",
  bytes: 60,
  endian: "big",
  source: "SPC-4 6.23, table 246",
  fields: [
    {
      name: "availableData",
      at: "bytes 0..3",
      kind: "uint",
      meaning: "AVAILABLE DATA, bytes that follow it; 0 = no details",
    },
    { at: "bytes 4..55", kind: "reserved" },
    {
      name: "extendedCopyCommandStatus",
      at: "byte 56",
      kind: "enumeration",
      names: { 0: "GOOD", 2: "CHECK CONDITION" },
      meaning: "EXTENDED COPY COMMAND STATUS",
    },
    { at: "byte 57", kind: "reserved" },
    { name: "senseDataLength", at: "bytes 58..59", kind: "uint", meaning: "SENSE DATA LENGTH" },
  ],
} as const;

/** The response to RECEIVE COPY STATUS(LID1). */
export const copyStatusLid1: Structure<typeof status> = structure(status);
export type CopyStatusLid1 = Infer<typeof copyStatusLid1>;
export type CopyStatusLid1Input = InputOf<typeof status>;

/** The fixed part of the response to RECEIVE COPY DATA(LID1). */
export const copyDataLid1Header: Structure<typeof data> = structure(data);

/** The response to RECEIVE COPY DATA(LID1). */
export interface CopyDataLid1 {
  readonly heldData: Uint8Array;
}

/** The response to RECEIVE COPY DATA(LID1). */
export const copyDataLid1: Codec<CopyDataLid1> = variable({
  name: data.name,
  source: data.source,
  header: copyDataLid1Header,
  total: { field: "availableData", less: 4 },
  parts: [{ name: "heldData", codec: rawBytes("heldData", data.source, "HELD DATA") }],
});

/** The fixed part of the response to RECEIVE COPY FAILURE DETAILS(LID1). */
export const copyFailureDetailsHeader: Structure<typeof failure> = structure(failure);

/** Why the last segment of an EXTENDED COPY(LID1) failed. */
export interface CopyFailureDetails {
  /** Status code of the EXTENDED COPY command. */
  readonly extendedCopyCommandStatus: number;
  readonly senseData: Uint8Array;
}

export interface CopyFailureDetailsInput {
  readonly extendedCopyCommandStatus?: number;
  readonly senseData?: Uint8Array;
}

const details = variable<CopyFailureDetails, CopyFailureDetailsInput>({
  name: failure.name,
  source: failure.source,
  header: copyFailureDetailsHeader,
  total: { field: "availableData", less: 4 },
  parts: [
    {
      name: "senseData",
      codec: rawBytes("senseData", failure.source, "SENSE DATA"),
      length: "senseDataLength",
    },
  ],
});

function decodeDetails(bytes: Uint8Array, options?: DecodeOptions): Located<CopyFailureDetails> {
  // No details: the response ends after AVAILABLE DATA (SPC-4 6.23).
  if (bytes.length >= 4 && uint32(bytes, 0) === 0) {
    return { ok: true, value: { extendedCopyCommandStatus: 0, senseData: new Uint8Array(0) } };
  }
  return details.decode(bytes, options);
}

/**
 * The response to RECEIVE COPY FAILURE DETAILS(LID1). Four zero bytes, "no details", decode as
 * GOOD status without sense data. A target that counts AVAILABLE DATA one too high, as SCST does,
 * needs `lenient`.
 */
export const copyFailureDetails: Codec<CopyFailureDetails, CopyFailureDetailsInput> = {
  ...details,
  decode: decodeDetails,
};
