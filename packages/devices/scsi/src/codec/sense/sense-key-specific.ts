import {
  type Annotation,
  type AnyStructure,
  type DecodeOptions,
  type Structure,
  structure,
} from "@blockferry/core/bytes";
import { decodeLocated, type Located } from "../located.ts";
import {
  SENSE_KEY_COPY_ABORTED,
  SENSE_KEY_HARDWARE_ERROR,
  SENSE_KEY_ILLEGAL_REQUEST,
  SENSE_KEY_MEDIUM_ERROR,
  SENSE_KEY_NO_SENSE,
  SENSE_KEY_NOT_READY,
  SENSE_KEY_RECOVERED_ERROR,
  SENSE_KEY_UNIT_ATTENTION,
} from "./sense-keys.ts";

const field = {
  name: "Field pointer",
  bytes: 3,
  endian: "big",
  source: "SPC-4 4.5.2.4.2",
  fields: [
    { name: "sksv", at: "byte 0[7]", kind: "flag", meaning: "SKSV: these bytes are valid" },
    {
      name: "cd",
      at: "byte 0[6]",
      kind: "flag",
      meaning: "C/D: the field is in the CDB, else in the data",
    },
    { at: "byte 0[5:4]", kind: "reserved" },
    { name: "bpv", at: "byte 0[3]", kind: "flag", meaning: "BPV: the bit pointer is valid" },
    { name: "bitPointer", at: "byte 0[2:0]", kind: "uint", meaning: "BIT POINTER" },
    { name: "fieldPointer", at: "bytes 1..2", kind: "uint", meaning: "FIELD POINTER" },
  ],
} as const;

const segment = {
  name: "Segment pointer",
  bytes: 3,
  endian: "big",
  source: "SPC-4 4.5.2.4.5",
  fields: [
    { name: "sksv", at: "byte 0[7]", kind: "flag", meaning: "SKSV: these bytes are valid" },
    { at: "byte 0[6]", kind: "reserved" },
    {
      name: "sd",
      at: "byte 0[5]",
      kind: "flag",
      meaning: "SD: the pointer counts from the segment descriptor, else from the parameter list",
    },
    { at: "byte 0[4]", kind: "reserved" },
    { name: "bpv", at: "byte 0[3]", kind: "flag", meaning: "BPV: the bit pointer is valid" },
    { name: "bitPointer", at: "byte 0[2:0]", kind: "uint", meaning: "BIT POINTER" },
    { name: "fieldPointer", at: "bytes 1..2", kind: "uint", meaning: "FIELD POINTER" },
  ],
} as const;

const count = {
  name: "Actual retry count or progress indication",
  bytes: 3,
  endian: "big",
  source: "SPC-4 4.5.2.4.3 and 4.5.2.4.4",
  fields: [
    { name: "sksv", at: "byte 0[7]", kind: "flag", meaning: "SKSV: these bytes are valid" },
    { at: "byte 0[6:0]", kind: "reserved" },
    {
      name: "count",
      at: "bytes 1..2",
      kind: "uint",
      meaning: "ACTUAL RETRY COUNT, or PROGRESS INDICATION in 65536ths",
    },
  ],
} as const;

const overflow = {
  name: "Unit attention condition queue overflow",
  bytes: 3,
  endian: "big",
  source: "SPC-4 4.5.2.4.6",
  fields: [
    { name: "sksv", at: "byte 0[7]", kind: "flag", meaning: "SKSV: these bytes are valid" },
    { at: "byte 0[6:1]", kind: "reserved" },
    {
      name: "overflow",
      at: "byte 0[0]",
      kind: "flag",
      meaning: "OVERFLOW: unit attentions were lost",
    },
    { at: "bytes 1..2", kind: "reserved" },
  ],
} as const;

const unknown = {
  name: "Sense key specific",
  bytes: 3,
  endian: "big",
  source: "SPC-4 4.5.2.4.1",
  fields: [
    { name: "sksv", at: "byte 0[7]", kind: "flag", meaning: "SKSV: these bytes are valid" },
    { name: "value", at: "bytes 0..2[22:0]", kind: "uint", meaning: "SENSE KEY SPECIFIC" },
  ],
} as const;

const fieldPointer: Structure<typeof field> = structure(field);
const segmentPointer: Structure<typeof segment> = structure(segment);
const counter: Structure<typeof count> = structure(count);
const overflowFlag: Structure<typeof overflow> = structure(overflow);
const anything: Structure<typeof unknown> = structure(unknown);

/** Which field is in error: of ILLEGAL REQUEST. */
export interface FieldPointer {
  readonly kind: "field";
  /** True: in the CDB; false: in the data. */
  readonly inCdb: boolean;
  /** Offset of the field's first byte. */
  readonly byte: number;
  /** Its most significant bit, where it is part of a byte. */
  readonly bit?: number;
}

/** Which field of a copy is in error: of COPY ABORTED. */
export interface SegmentPointer {
  readonly kind: "segment";
  /** True: `byte` counts from the segment descriptor; false: from the parameter list. */
  readonly inSegment: boolean;
  readonly byte: number;
  readonly bit?: number;
}

/** What the sense key specific bytes say; which of these, the sense key decides. */
export type SenseKeySpecific =
  | FieldPointer
  | SegmentPointer
  /** 65536ths done: of NO SENSE and NOT READY. */
  | { readonly kind: "progress"; readonly progress: number }
  /** Of RECOVERED, MEDIUM and HARDWARE ERROR. */
  | { readonly kind: "retries"; readonly retries: number }
  /** Of UNIT ATTENTION. */
  | { readonly kind: "overflow"; readonly overflow: boolean }
  /** Of any other sense key: the 23 bits. */
  | { readonly kind: "other"; readonly value: number };

type Kind = SenseKeySpecific["kind"];

const kinds: Readonly<Record<number, Kind>> = {
  [SENSE_KEY_NO_SENSE]: "progress",
  [SENSE_KEY_RECOVERED_ERROR]: "retries",
  [SENSE_KEY_NOT_READY]: "progress",
  [SENSE_KEY_MEDIUM_ERROR]: "retries",
  [SENSE_KEY_HARDWARE_ERROR]: "retries",
  [SENSE_KEY_ILLEGAL_REQUEST]: "field",
  [SENSE_KEY_UNIT_ATTENTION]: "overflow",
  [SENSE_KEY_COPY_ABORTED]: "segment",
};

const tables: Readonly<Record<Kind, AnyStructure>> = {
  field: fieldPointer,
  segment: segmentPointer,
  progress: counter,
  retries: counter,
  overflow: overflowFlag,
  other: anything,
};

const kindOf = (senseKey: number): Kind => kinds[senseKey] ?? "other";

const bitOf = (bit: number | undefined): { bpv?: true; bitPointer?: number } =>
  bit === undefined ? {} : { bpv: true, bitPointer: bit };

/** Encodes the three bytes. @throws TypeError if the sense key has no such meaning. */
export function encodeSenseKeySpecific(
  senseKey: number,
  value: SenseKeySpecific,
  target: Uint8Array,
  offset: number,
): void {
  const wanted = kindOf(senseKey);
  if (value.kind !== wanted) {
    const key = `sense key ${senseKey.toString(16).toUpperCase()}h`;
    throw new TypeError(
      `${key} takes sense key specific data of kind ${wanted}, not ${value.kind}`,
    );
  }
  switch (value.kind) {
    case "field": {
      const { inCdb: cd, byte, bit } = value;
      fieldPointer.encode({ sksv: true, cd, fieldPointer: byte, ...bitOf(bit) }, target, offset);
      return;
    }
    case "segment": {
      const { inSegment: sd, byte, bit } = value;
      segmentPointer.encode({ sksv: true, sd, fieldPointer: byte, ...bitOf(bit) }, target, offset);
      return;
    }
    case "progress":
      counter.encode({ sksv: true, count: value.progress }, target, offset);
      return;
    case "retries":
      counter.encode({ sksv: true, count: value.retries }, target, offset);
      return;
    case "overflow":
      overflowFlag.encode({ sksv: true, overflow: value.overflow }, target, offset);
      return;
    default:
      anything.encode({ sksv: true, value: value.value }, target, offset);
  }
}

type Fields = Record<string, unknown>;

function pointerOf(value: Fields): { byte: number; bit?: number } {
  const byte = value.fieldPointer as number;
  return value.bpv === true ? { byte, bit: value.bitPointer as number } : { byte };
}

function meaningOf(kind: Kind, value: Fields): SenseKeySpecific {
  switch (kind) {
    case "field":
      return { kind, inCdb: value.cd as boolean, ...pointerOf(value) };
    case "segment":
      return { kind, inSegment: value.sd as boolean, ...pointerOf(value) };
    case "progress":
      return { kind, progress: value.count as number };
    case "retries":
      return { kind, retries: value.count as number };
    case "overflow":
      return { kind, overflow: value.overflow as boolean };
    default:
      return { kind, value: value.value as number };
  }
}

/** Decodes three bytes; undefined if SKSV says that they are not valid. */
export function decodeSenseKeySpecific(
  senseKey: number,
  bytes: Uint8Array,
  options?: DecodeOptions,
): Located<SenseKeySpecific | undefined> {
  if (bytes.length >= 3 && !anything.read(bytes, "sksv")) return { ok: true, value: undefined };
  const kind = kindOf(senseKey);
  const decoded = decodeLocated(tables[kind], bytes, options);
  return decoded.ok ? { ok: true, value: meaningOf(kind, decoded.value as Fields) } : decoded;
}

/** Explains the three bytes. */
export function annotateSenseKeySpecific(senseKey: number, bytes: Uint8Array): Annotation[] {
  return tables[kindOf(senseKey)].annotate(bytes);
}
