import { type Infer, type InputOf, type Structure, structure } from "@blockferry/core/bytes";
import { type Codec, fixed } from "../codec.ts";
import { variable } from "../variable.ts";
import { peripheral } from "./page-header.ts";

const layout = {
  name: "Standard INQUIRY data",
  bytes: 36,
  endian: "big",
  source: "SPC-4 6.6.2",
  base: peripheral as typeof peripheral,
  fields: [
    { name: "rmb", at: "byte 1[7]", kind: "flag", meaning: "RMB: removable medium" },
    { name: "luCong", at: "byte 1[6]", kind: "flag", meaning: "LU_CONG" },
    { at: "byte 1[5:0]", kind: "reserved" },
    {
      name: "version",
      at: "byte 2",
      kind: "enumeration",
      names: { 0: "none", 3: "SPC", 4: "SPC-2", 5: "SPC-3", 6: "SPC-4", 7: "SPC-5" },
      meaning: "VERSION",
    },
    { at: "byte 3[7:6]", kind: "opaque", name: "obsolete", meaning: "Obsolete" },
    { name: "normaca", at: "byte 3[5]", kind: "flag", meaning: "NORMACA" },
    { name: "hisup", at: "byte 3[4]", kind: "flag", meaning: "HISUP" },
    {
      name: "responseDataFormat",
      at: "byte 3[3:0]",
      kind: "uint",
      meaning: "RESPONSE DATA FORMAT, 2",
    },
    {
      name: "additionalLength",
      at: "byte 4",
      kind: "uint",
      meaning: "ADDITIONAL LENGTH, bytes that follow it",
    },
    { name: "sccs", at: "byte 5[7]", kind: "flag", meaning: "SCCS" },
    { name: "acc", at: "byte 5[6]", kind: "flag", meaning: "ACC" },
    {
      name: "tpgs",
      at: "byte 5[5:4]",
      kind: "enumeration",
      names: { 0: "none", 1: "implicit", 2: "explicit", 3: "implicit and explicit" },
      meaning: "TPGS: asymmetric access",
    },
    {
      name: "thirdPartyCopy",
      at: "byte 5[3]",
      kind: "flag",
      meaning: "3PC: third-party copy commands are supported",
    },
    { at: "byte 5[2:1]", kind: "reserved" },
    { name: "protect", at: "byte 5[0]", kind: "flag", meaning: "PROTECT: protection information" },
    { at: "byte 6[7]", kind: "opaque", name: "obsolete", meaning: "Obsolete" },
    { name: "encserv", at: "byte 6[6]", kind: "flag", meaning: "ENCSERV" },
    { name: "vs", at: "byte 6[5]", kind: "flag", meaning: "VS, vendor specific" },
    { name: "multip", at: "byte 6[4]", kind: "flag", meaning: "MULTIP: several ports" },
    { at: "byte 6[3:0]", kind: "opaque", name: "obsolete", meaning: "Obsolete" },
    { at: "byte 7[7:2]", kind: "opaque", name: "obsolete", meaning: "Obsolete" },
    { name: "cmdque", at: "byte 7[1]", kind: "flag", meaning: "CMDQUE: command queuing" },
    { name: "vs2", at: "byte 7[0]", kind: "flag", meaning: "VS, vendor specific" },
    {
      name: "vendor",
      at: "bytes 8..15",
      kind: "ascii",
      meaning: "T10 VENDOR IDENTIFICATION",
    },
    { name: "product", at: "bytes 16..31", kind: "ascii", meaning: "PRODUCT IDENTIFICATION" },
    { name: "revision", at: "bytes 32..35", kind: "ascii", meaning: "PRODUCT REVISION LEVEL" },
  ],
} as const;

const rest = {
  name: "Standard INQUIRY data, from byte 36",
  bytes: 60,
  endian: "big",
  source: "SPC-4 6.6.2",
  fields: [
    { name: "vendorSpecific", at: "bytes 0..19", kind: "bytes", meaning: "Vendor specific" },
    { at: "byte 20[7:4]", kind: "reserved" },
    { name: "clocking", at: "byte 20[3:2]", kind: "uint", meaning: "CLOCKING, of SPI" },
    { name: "qas", at: "byte 20[1]", kind: "flag", meaning: "QAS, of SPI" },
    { name: "ius", at: "byte 20[0]", kind: "flag", meaning: "IUS, of SPI" },
    { at: "byte 21", kind: "reserved" },
    {
      name: "versionDescriptors",
      at: "bytes 22..37",
      kind: "uints",
      bytesEach: 2,
      meaning: "VERSION DESCRIPTORs",
    },
    { at: "bytes 38..59", kind: "reserved" },
  ],
} as const;

/** The first 36 bytes of standard INQUIRY data. */
export const standardInquiryHeader: Structure<typeof layout> = structure(layout);
/** Bytes 36 to 95 of standard INQUIRY data. */
export const standardInquiryExtension: Structure<typeof rest> = structure(rest);

export type StandardInquiryExtension = Infer<typeof standardInquiryExtension>;

/** Standard INQUIRY data. */
export type StandardInquiry = Omit<Infer<typeof standardInquiryHeader>, "additionalLength"> & {
  /** Bytes 36 to 95; undefined if the device sends 36 bytes. */
  readonly extension: StandardInquiryExtension | undefined;
};

/** The data to encode: 36 bytes, or 96 with an extension. */
export type StandardInquiryInput = Omit<InputOf<typeof layout>, "additionalLength"> & {
  readonly extension?: InputOf<typeof rest> | undefined;
};

const whole = fixed(standardInquiryExtension);

/** Bytes 36 and up; a device may stop anywhere, and what it leaves out counts as zero. */
const extension: Codec<
  StandardInquiryExtension | undefined,
  InputOf<typeof rest> | readonly never[]
> = {
  ...whole,
  sizeOf: (value) => (Array.isArray(value) ? 0 : rest.bytes),
  encode(value, target = new Uint8Array(rest.bytes), offset = 0) {
    if (Array.isArray(value)) return target;
    return whole.encode(value as InputOf<typeof rest>, target, offset);
  },
  decode(bytes, options) {
    if (bytes.length === 0) return { ok: true, value: undefined };
    const padded = new Uint8Array(rest.bytes);
    padded.set(bytes.subarray(0, rest.bytes));
    return whole.decode(padded, options);
  },
  annotate: (bytes) => whole.annotate(bytes).filter((one) => one.byte < bytes.length),
};

/** Standard INQUIRY data, of 36 bytes or more. */
export const standardInquiry: Codec<StandardInquiry, StandardInquiryInput> = variable({
  name: layout.name,
  source: layout.source,
  header: standardInquiryHeader,
  total: { field: "additionalLength", less: 5 },
  parts: [{ name: "extension", codec: extension }],
});
