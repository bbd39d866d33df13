import {
  type Annotation,
  type AnyStructure,
  type DecodeOptions,
  type Infer,
  type Structure,
  structure,
} from "@blockferry/core/bytes";
import type { Codec } from "../codec.ts";
import { type DescriptorKind, descriptorList } from "../descriptor-list.ts";
import { decodeLocated, type Located, shiftAnnotations } from "../located.ts";
import {
  type AddressedCscd,
  type AddressedCscdInput,
  aliasCscd,
  fcPortIdCheckedCscd,
  fcPortIdCscd,
  fcPortNameCscd,
  ieee1394Cscd,
  parallelCscd,
  rdmaCscd,
  sasCscd,
} from "./addressed-cscd.ts";
import {
  type IdentificationCscd,
  type IdentificationCscdInput,
  identificationCscd,
} from "./identification-cscd.ts";
import {
  type InternetCscd,
  type InternetCscdInput,
  ipCopyServiceCscd,
  ipCopyServiceCscdExtension,
  ipv4Cscd,
  ipv6Cscd,
  ipv6CscdExtension,
} from "./internet-cscd.ts";
import { type RodCscd, type RodCscdInput, rodCscd } from "./rod-cscd.ts";

/** Bytes of every entry of a CSCD descriptor list. */
export const CSCD_BYTES = 32;

/** "The logical unit that processes this command" as a CSCD descriptor ID (SPC-4 table 148). */
export const CSCD_ID_COMMAND_UNIT = 0xffff;
/** "The logical unit of the ROD token", in a ROD CSCD descriptor (SPC-4 table 148). */
export const CSCD_ID_OF_ROD_TOKEN = 0xf800;
/** "A null logical unit of a block device" as a CSCD descriptor ID (SPC-4 table 148). */
export const CSCD_ID_NULL_BLOCK_DEVICE = 0xc000;
/** "A null logical unit of a stream device" as a CSCD descriptor ID (SPC-4 table 148). */
export const CSCD_ID_NULL_STREAM_DEVICE = 0xc001;
/** Greatest CSCD descriptor ID that is an index into the list (SPC-4 table 148). */
export const CSCD_ID_LISTED_MAX = 0x07ff;

const extension = {
  name: "CSCD descriptor extension",
  bytes: 32,
  endian: "big",
  source: "SPC-4 6.4.5.2, table 135",
  fields: [
    {
      name: "type",
      at: "byte 0",
      kind: "constant",
      value: 0xff,
      meaning: "EXTENSION DESCRIPTOR TYPE CODE",
    },
    {
      name: "information",
      at: "bytes 1..31",
      kind: "bytes",
      meaning: "CSCD descriptor specific information",
    },
  ],
} as const;

const other = {
  name: "CSCD descriptor",
  bytes: 32,
  endian: "big",
  source: "SPC-4 6.4.5.1, table 132",
  fields: [
    { name: "code", at: "byte 0", kind: "uint", meaning: "DESCRIPTOR TYPE CODE, not known" },
    { name: "parameters", at: "bytes 1..31", kind: "bytes", meaning: "Whatever it holds" },
  ],
} as const;

/** FFh: the second half of the descriptor before it. No segment may name it. */
export const cscdExtension: Structure<typeof extension> = structure(extension);
const otherCscd: Structure<typeof other> = structure(other);

/** FFh in a list. */
export type CscdExtension = Infer<typeof cscdExtension>;

/** A descriptor whose type code SPC-4 does not define. */
export interface OtherCscd {
  readonly type: "other";
  readonly code: number;
  /** Bytes 1 to 31. */
  readonly parameters: Uint8Array;
}

/** One entry of a CSCD descriptor list; its index is its CSCD descriptor ID. */
export type CscdDescriptor =
  | IdentificationCscd
  | AddressedCscd
  | InternetCscd
  | RodCscd
  | CscdExtension
  | OtherCscd;

/** An entry to encode: `type` says which; all other fields default to zero. */
export type CscdDescriptorInput =
  | IdentificationCscdInput
  | AddressedCscdInput
  | InternetCscdInput
  | RodCscdInput
  | { readonly type: 0xff; readonly information?: Uint8Array }
  | OtherCscd;

/** The structures of CSCD descriptors by type code (SPC-4 table 131). */
export const cscdStructures: Readonly<Record<number, AnyStructure>> = {
  224: fcPortNameCscd,
  225: fcPortIdCscd,
  226: fcPortIdCheckedCscd,
  227: parallelCscd,
  228: identificationCscd,
  229: ipv4Cscd,
  230: aliasCscd,
  231: rdmaCscd,
  232: ieee1394Cscd,
  233: sasCscd,
  234: ipv6Cscd,
  235: ipCopyServiceCscd,
  254: rodCscd,
  255: cscdExtension,
};

function encode(
  value: CscdDescriptorInput,
  target: Uint8Array = new Uint8Array(CSCD_BYTES),
  offset = 0,
): Uint8Array {
  if (value.type === "other") {
    const { code, parameters } = value;
    if (cscdStructures[code] !== undefined) {
      throw new RangeError(`CSCD descriptor: code ${code.toString(16)}h has a structure: use it`);
    }
    return otherCscd.encode({ code, parameters }, target, offset);
  }
  const table = cscdStructures[value.type];
  if (table === undefined) {
    throw new TypeError(`CSCD descriptor: type ${String(value.type)} is none of its types`);
  }
  return table.encode(value, target, offset);
}

function decode(bytes: Uint8Array, options?: DecodeOptions): Located<CscdDescriptor> {
  const table = cscdStructures[bytes[0]];
  if (table !== undefined) return decodeLocated(table, bytes, options) as Located<CscdDescriptor>;
  const decoded = otherCscd.decode(bytes);
  if (!decoded.ok) return decoded as Located<CscdDescriptor>;
  return { ok: true, value: { type: "other", ...decoded.value } };
}

/** One CSCD descriptor of 32 bytes. */
export const cscdDescriptor: DescriptorKind<CscdDescriptor, CscdDescriptorInput> = {
  name: "CSCD descriptor",
  source: "SPC-4 6.4.5",
  sizeOf: () => CSCD_BYTES,
  encode,
  decode,
  annotate: (bytes) => (cscdStructures[bytes[0]] ?? otherCscd).annotate(bytes),
  measuredBytes: 0,
  measure: () => CSCD_BYTES,
};

const extensions: Readonly<Record<number, AnyStructure>> = {
  234: ipv6CscdExtension,
  235: ipCopyServiceCscdExtension,
};

const list = descriptorList("CSCD descriptor list", cscdDescriptor);

/** The extension that follows a descriptor tells its fields only by that descriptor. */
function annotate(bytes: Uint8Array): Annotation[] {
  return list.annotate(bytes).flatMap((one): Annotation[] => {
    const at = Math.floor(one.byte / CSCD_BYTES) * CSCD_BYTES;
    const known = bytes[at] === 0xff ? extensions[bytes[at - CSCD_BYTES]] : undefined;
    if (known === undefined) return [one];
    if (one.byte !== at) return [];
    const path = `[${at / CSCD_BYTES}]`;
    return shiftAnnotations(known.annotate(bytes.subarray(at, at + CSCD_BYTES)), at, path);
  });
}

/** The CSCD descriptor list of EXTENDED COPY: the index of an entry is its CSCD descriptor ID. */
export const cscdList: Codec<CscdDescriptor[], readonly CscdDescriptorInput[]> = {
  ...list,
  annotate,
};
