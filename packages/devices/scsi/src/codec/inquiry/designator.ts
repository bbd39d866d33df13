import { type Structure, structure, toHex } from "@blockferry/core/bytes";
import { type Codec, rawBytes } from "../codec.ts";
import type { IdentificationCscd, IdentificationCscdInput } from "../copy/identification-cscd.ts";
import type { DescriptorKind } from "../descriptor-list.ts";
import { variable } from "../variable.ts";

const layout = {
  name: "Designation descriptor",
  bytes: 4,
  endian: "big",
  source: "SPC-4 7.8.6.1",
  fields: [
    {
      name: "protocolIdentifier",
      at: "byte 0[7:4]",
      kind: "enumeration",
      names: { 0: "FCP", 1: "SPI", 3: "SBP", 4: "SRP", 5: "iSCSI", 6: "SAS", 15: "none" },
      meaning: "PROTOCOL IDENTIFIER, if PIV",
    },
    {
      name: "codeSet",
      at: "byte 0[3:0]",
      kind: "enumeration",
      names: { 1: "binary", 2: "ASCII", 3: "UTF-8" },
      meaning: "CODE SET",
    },
    { name: "piv", at: "byte 1[7]", kind: "flag", meaning: "PIV: the protocol is valid" },
    { at: "byte 1[6]", kind: "reserved" },
    {
      name: "association",
      at: "byte 1[5:4]",
      kind: "enumeration",
      names: { 0: "logical unit", 1: "target port", 2: "target device" },
      meaning: "ASSOCIATION",
    },
    {
      name: "designatorType",
      at: "byte 1[3:0]",
      kind: "enumeration",
      names: {
        0: "vendor specific",
        1: "T10 vendor ID based",
        2: "EUI-64 based",
        3: "NAA",
        4: "relative target port",
        5: "target port group",
        6: "logical unit group",
        7: "MD5 logical unit",
        8: "SCSI name string",
        9: "protocol specific port",
        10: "UUID",
      },
      meaning: "DESIGNATOR TYPE",
    },
    { at: "byte 2", kind: "reserved" },
    { name: "designatorLength", at: "byte 3", kind: "uint", meaning: "DESIGNATOR LENGTH" },
  ],
} as const;

/** The first four bytes of a designation descriptor. */
export const designatorHeader: Structure<typeof layout> = structure(layout);

/** One way to name a logical unit, a port or a device. */
export interface Designator {
  readonly protocolIdentifier: number;
  readonly codeSet: number;
  readonly piv: boolean;
  readonly association: number;
  /** 1 T10 vendor ID, 2 EUI-64, 3 NAA, 8 SCSI name string, … */
  readonly designatorType: number;
  /** Without padding. */
  readonly designator: Uint8Array;
}

/** A designator to encode: what is left out is zero. */
export type DesignatorInput = {
  readonly [Field in keyof Designator]?: Designator[Field];
};

const codec: Codec<Designator, DesignatorInput> = variable({
  name: layout.name,
  source: layout.source,
  header: designatorHeader,
  parts: [
    {
      name: "designator",
      codec: rawBytes("designator", layout.source, "DESIGNATOR"),
      length: "designatorLength",
    },
  ],
});

/** One designation descriptor of the Device Identification VPD page. */
export const designationDescriptor: DescriptorKind<Designator, DesignatorInput> = {
  ...codec,
  measuredBytes: 4,
  measure: (bytes, at) => 4 + bytes[at + 3],
};

/** Longest designator that a CSCD descriptor holds (SPC-4 6.4.5.6). */
export const CSCD_DESIGNATOR_BYTES_MAX = 20;

export interface CscdOptions {
  readonly peripheralDeviceType?: number;
  /** Bytes per block of the logical unit. */
  readonly blockLength?: number;
  readonly pad?: boolean;
}

/**
 * The CSCD descriptor (E4h) that names a logical unit by one of its designators.
 * @throws RangeError if the designator is longer than 20 bytes.
 */
export function cscdOfDesignator(
  one: Pick<Designator, "codeSet" | "association" | "designatorType" | "designator">,
  options: CscdOptions = {},
): IdentificationCscdInput {
  const { codeSet, association, designatorType, designator } = one;
  const designatorLength = designator.length;
  if (designatorLength > CSCD_DESIGNATOR_BYTES_MAX) {
    const given = `designator ${toHex(designator)} has ${designatorLength} bytes`;
    throw new RangeError(`${given}; a CSCD descriptor holds ${CSCD_DESIGNATOR_BYTES_MAX}`);
  }
  const padded = new Uint8Array(CSCD_DESIGNATOR_BYTES_MAX);
  padded.set(designator);
  const name = { codeSet, association, designatorType, designatorLength, designator: padded };
  return { type: 0xe4, ...options, ...name };
}

/** Tells if a CSCD descriptor names the logical unit that has this designator (SPC-4 6.4.5.6). */
export function isCscdOf(cscd: IdentificationCscd, one: Designator): boolean {
  const { designator } = one;
  return (
    cscd.codeSet === one.codeSet &&
    cscd.association === one.association &&
    cscd.designatorType === one.designatorType &&
    cscd.designatorLength === designator.length &&
    designator.every((byte, index) => cscd.designator[index] === byte)
  );
}
